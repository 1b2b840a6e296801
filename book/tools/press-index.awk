# Writes the index for the search: headings of the chapters, then the classes
# that the list of classes names and their functions (from the tag file), then
# files (from the facts). Reads the list of classes first.

BEGIN { print "window.rp_index = [" }
END { print "];" }

FNR == 1 { page = FILENAME; sub(/.*\//, "", page); title = "" }

NR == FNR {
  if (match($0, /href="(class|struct)[^"#]*/))
    listed[substr($0, RSTART + 6, RLENGTH - 6)] = 1
  next
}

function row(words, place, address) {
  gsub(/<[^>]*>/, "", words); gsub(/<[^>]*>/, "", place)
  gsub(/&lt;/, "<", words); gsub(/&gt;/, ">", words)
  gsub(/&amp;/, "\\&", words); gsub(/&amp;/, "\\&", place)
  gsub(/\\/, "\\\\", words); gsub(/"/, "\\\"", words)
  print "[\"" words "\",\"" place "\",\"" address "\"],"
}

# ---- a chapter
/<div class="title">/ {
  title = $0
  sub(/.*<div class="title">/, "", title); sub(/ *<\/div>.*/, "", title)
  row(title, page == "index.html" ? "front page" : "chapter " substr(page, 3, 2) + 0, page)
}
/^<h[123]><a class="anchor" id="/ {
  match($0, /id="[^"]*"/)
  address = page "#" substr($0, RSTART + 4, RLENGTH - 5)
  heading = $0
  sub(/<h[123]><a[^>]*><\/a>/, "", heading)
  if (heading == "") getline heading
  sub(/<\/h[123]>.*/, "", heading)
  row(heading, title, address)
}

# ---- the tag file
/<compound kind="/ {
  match($0, /kind="[a-z]*"/); kind = substr($0, RSTART + 6, RLENGTH - 7)
  compound = ""
}
/<member kind="/ {
  match($0, /kind="[a-z]*"/); member = substr($0, RSTART + 6, RLENGTH - 7)
}
function inner(    s) { s = $0; sub(/^ *<[a-z]*>/, "", s); sub(/<.*/, "", s); return s }
/^    <name>/ { compound = inner() }
/^    <filename>/ && kind ~ /^(class|struct)$/ && inner() in listed {
  row(compound, kind, inner())
}
/^      <name>/ { name = inner() }
/^      <anchorfile>/ { file = inner() }
/^      <anchor>/ && kind ~ /^(class|struct|namespace)$/ && member == "function" {
  if (name !~ /^(~|operator)/ && (file in listed || kind == "namespace") && !(compound "::" name in told))
    row(compound "::" name, "function", file "#" inner())
  told[compound "::" name] = 1
}

# ---- the facts
$1 == "source" { row($2, "file", $3) }
