# Finishes Doxygen's pages, each into the folder `out`. Reads first the facts:
#   source PATH PAGE      the page that shows a file
#   chapter PATH NN       the chapter that introduces it
#   title NN WORDS        the chapter's title, after `part ROMAN WORDS`
#   order chNN FILE       the written pages in their order

FNR == NR {
  if ($1 == "source") { page_of[$2] = $3; path_of[$3] = $2 }
  if ($1 == "chapter") chapter_of[$2] = $3
  if ($1 == "part") part = $2 " · " words(3)
  if ($1 == "title") { title[$2] = words(3); part_of[$2] = part }
  if ($1 == "order") {
    number = substr($2, 3)
    order[++written] = number; place[number] = written; file_of[number] = $3
  }
  next
}

FNR == 1 {
  if (file != "") close(out "/" file)
  file = FILENAME; sub(/.*\//, "", file)
  here = file ~ /^ch[0-9][0-9]\.html$/ ? substr(file, 3, 2) : ""
  path = file in path_of ? path_of[file] : defined_in(FILENAME)
  begun = 0
}

/href="source:/ { $0 = with_sources($0) }
/<p >/ { gsub(/<p >/, "<p>") }
/closed.png/ { gsub(/<img src="closed.png"[^>]*>&#160;|<img src="closed.png"[^>]*>/, "") }
/<h3>Table of Contents/ { sub(/Table of Contents/, "In this chapter") }
/class="headertitle"/ && here != "" {
  print "<p class=\"kicker\">" part_of[here] " — Chapter " here + 0 "</p>" \
    >(out "/" file)
}
/class="title">/ && file in path_of {
  sub(/class="title">[^<]*/, "class=\"title path\">" path)
}
/<footer id="foot">/ { put(neighbours()) }
/@PAGE@/ { sub(/@PAGE@/, name()) }
{ put($0) }
/<div class="contents">/ && !begun++ && path in chapter_of { put(origin()) }

function put(text) { if (text != "") print text >(out "/" file) }
function words(from,    i, s) {
  for (i = from; i <= NF; i++) s = s (i > from ? " " : "") $i
  return s
}

# The file that a class's page says it is defined in.
function defined_in(page,    line, found) {
  while ((getline line <page) > 0)
    if (match(line, /(of file|#include &lt;)(<code>)? ?<a class="el" href="[^"#]*/)) {
      found = substr(line, RSTART, RLENGTH)
      sub(/.*"/, "", found)
      break
    }
  close(page)
  return found in path_of ? path_of[found] : ""
}

function name() {
  if (here != "") return file_of[here]
  if (file == "index.html") return "book/index.md"
  if (file == "errata.html") return "book/ERRATA.md"
  return path == "" ? file : path
}

function with_sources(s,    link, at) {
  while (match(s, /href="source:[^"]*"/)) {
    link = substr(s, RSTART + 13, RLENGTH - 14)
    at = index(link, "#")
    s = substr(s, 1, RSTART - 1) "href=\"" \
      target(substr(link, 1, at - 1), substr(link, at + 1)) "\"" \
      substr(s, RSTART + RLENGTH)
  }
  return s
}
function target(path, line) {
  if (!(path in page_of)) return "no-page-of:" path
  return page_of[path] "#l" sprintf("%05d", line)
}

function link(number) {
  return "<a href=\"ch" number ".html\">" number + 0 " " title[number] "</a>"
}
function origin(    number, text) {
  number = chapter_of[path]
  text = "<p class=\"origin\">Introduced in chapter "
  text = text (number in place ? link(number) : \
    number + 0 " " title[number] " (not written yet)")
  if (!(file in path_of))
    text = text "; in full: <a href=\"" page_of[path] "\">" path "</a>"
  return text "</p>"
}

function neighbours(    i, text) {
  if (here == "" && file != "index.html") return ""
  i = here == "" ? 0 : place[here]
  text = "<nav class=\"prevnext\">"
  if (i > 1) text = text "<span class=\"prev\">" link(order[i - 1]) "</span>"
  if (i == 1) text = text "<span class=\"prev\"><a href=\"index.html\">" \
    "Ten minutes with the finished thing</a></span>"
  if (i < written)
    text = text "<span class=\"next\">" link(order[i + 1]) "</span>"
  return text "</nav>"
}
