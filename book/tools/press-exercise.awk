# Writes one exercise, `id`, for the page: from the chapter's list of exercises
# its heading, what to edit and what to type; with hints=1 from hints.md its
# hints, closed.

function raw(text) { print "\n\\htmlonly[block]\n" text "\n\\endhtmlonly\n" }

# ---- hints.md
hints && /^```/ { code = !code }
hints && !code && /^## / {
  close_hint()
  mine = $2 == id
  next
}
hints && !mine { next }
hints && !code && /^### / {
  close_hint()
  raw("<details class=\"hint\"><summary><span>Hint " ++count "</span> " \
    substr($0, 5) "</summary>")
  open = 1
  next
}
hints { print; next }
function close_hint() {
  if (open) raw("</details>")
  open = 0
}

# ---- exercises
/^#/ || NF == 0 { next }
/^[0-9]+\.[0-9]+ / {
  mine = $1 == id
  if (mine) { kind = $2; title = $0; sub(/^[^ ]+ +[^ ]+ +/, "", title) }
  next
}
!mine { next }
$1 == "file" { files = files (files == "" ? "" : ", ") code_of_file($2) }
$1 == "program" { program = $2 }
$1 == "test" { tests++ }
$1 == "mutants" { planted = NF - 1 }

END {
  if (hints) { close_hint(); exit }
  if (kind == "") exit
  split(id, n, ".")
  chapter = sprintf("%02d", n[1])
  raw("<section class=\"exercise " kind "\"><div class=\"kind\">" kind "</div>")
  print "### " id " " title " {#ex_" n[1] "_" n[2] "}\n"
  print task() "\n"
}

function code_of_file(path) {
  return "`work/" (path ~ /\// ? "" : "CHAPTER/") path "`"
}
function task(    text) {
  if (kind == "predict")
    text = "Write what `" program "` prints into `work/" chapter \
      "/predict.txt`, then `make exercise-" chapter "`."
  if (kind == "build") {
    gsub(/CHAPTER/, chapter, files)
    text = "Fill the hole in " files ", then `make exercise-" chapter "`" \
      (tests ? ": " tests (tests == 1 ? " test waits" : " tests wait") \
       " for it" : "") "."
  }
  if (kind == "hunt")
    text = "`make hunt-" chapter "` plants " (planted > 1 ? "one of " planted \
      " bugs" : "a bug") " and shows its symptom; answer with `make hunt-" \
      chapter " AT=FILE:LINE`."
  if (kind == "prove")
    text = "Write `work/" chapter "/my_test.cpp`: it must pass on the" \
      " reference and fail on the planted bug. Then `make exercise-" \
      chapter "`."
  return text " Stuck? `make hint-" chapter " EX=" id "`."
}
