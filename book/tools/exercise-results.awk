# Reads what a GoogleTest program printed; prints `STATUS TEST` for each test:
# passed, skipped, failed, crashed or hung. -v status: how the program ended.
{ line = $0; sub(/\r$/, "", line) }
line ~ /^\[ RUN      \] / { name = substr(line, 14); next }
name == "" { next }
index(line, "[       OK ] " name) == 1 { put("passed") }
index(line, "[  SKIPPED ] " name) == 1 { put("skipped") }
index(line, "[  FAILED  ] " name) == 1 { put("failed") }
END { if (name != "") put(status == 124 ? "hung" : "crashed") }
function put(how) { print how, name; name = "" }
