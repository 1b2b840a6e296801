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
  folder = FILENAME; sub(/[^\/]*$/, "", folder)
  here = file ~ /^ch[0-9][0-9]\.html$/ ? substr(file, 3, 2) : ""
  path = file in path_of ? path_of[file] : defined_in(FILENAME)
  begun = 0
}

/data-lines="/ { listing(); next }
/href="source:/ { $0 = with_sources($0) }
# Doxygen takes `id` for a type, of another language
/"keywordtype">id</ { gsub(/<span class="keywordtype">id<\/span>/, "id") }
/ (Class|Struct|Namespace)( Template)? Reference/ {
  sub(/ (Class|Struct|Namespace)( Template)? Reference/, "")
}
/>(Class|File) List</ { sub(/Class List/, "Classes"); sub(/File List/, "Sources") }
/^<div class="textblock">Here (is|are) / { sub(/Here [^<:]*:/, "") }
/<a class="el" [^>]*>[A-Z][a-z]+<\/a> [a-z]/ && here == "" { $0 = unlinked($0) }
/<p >/ { gsub(/<p >/, "<p>") }
/closed.png/ { gsub(/<img src="closed.png"[^>]*>(&#160;)?/, "") }
/<h3>Table of Contents/ {
  sub(/Table of Contents/, here == "" ? "On this page" : "In this chapter")
}
/class="headertitle"/ && here != "" {
  put("<p class=\"kicker\">" part_of[here] " — Chapter " here + 0 "</p>")
}
/class="title">/ && file in path_of {
  sub(/class="title">[^<]*/, "class=\"title path\">" path)
}
/<tr id="row_/ {
  $0 = row_of_list($0)
  if ($0 == "") next
}
/<div class="levels">/ { sub(/<div class="levels">.*<\/div>/, "") }
/<footer id="foot">/ { put(neighbours()) }
/@PAGE@/ { sub(/@PAGE@/, name()) }
{ put($0) }
/<div class="contents">/ && !begun++ && path in chapter_of { put(origin()) }

# The lists of classes and of files fold only with scripts that are not here;
# what is there for the tests alone is left out of the classes.
function row_of_list(s,    at) {
  gsub(/ style="display:none;"/, "", s)
  gsub(/<span [^>]*class="(arrow|iconf[a-z]*|icona)"[^>]*>[^<]*(<span class="icon">[A-Z]<\/span>)?<\/span>/, "", s)
  if (file != "annotated.html") return linked_file(s)
  if (s ~ /href="namespace/) return ""
  if (match(s, /href="[^"#]*/)) {
    at = defined_in(folder substr(s, RSTART + 6, RLENGTH - 6))
    if (at ~ /^(tests|chapters|examples)\//) return ""
    if (at in chapter_of) sub(/<\/tr>/, "<td class=\"chapter\">chapter " \
      chapter_of[at] + 0 "</td></tr>", s)
  }
  return s
}
function linked_file(s,    page) {
  if (!match(s, /<a href="[^"]*_source\.html"><span class="icondoc"><\/span><\/a>/))
    return s
  page = substr(s, RSTART + 9, RLENGTH - 9); sub(/".*/, "", page)
  sub(/<a href="[^"]*_source\.html"><span class="icondoc"><\/span><\/a>/, "", s)
  sub(/<b>/, "<a href=\"" page "\">", s); sub(/<\/b>/, "</a>", s)
  return s
}

# ---- listings, from the page of their source
function listing(    f, n, i, line, page, least, text) {
  match($0, /data-lines="[^"]*/)
  split(substr($0, RSTART + 12, RLENGTH - 12), f, " ")
  page = folder page_of[f[1]]
  least = 999
  while ((getline line <page) > 0) {
    if (!match(line, /<a id="l[0-9]+"/)) continue
    i = substr(line, RSTART + 8, RLENGTH - 9) + 0
    if (i < f[2] || i > f[3]) continue
    text[++n] = bare(line)
    if (indent(text[n]) < least) least = indent(text[n])
  }
  close(page)
  if (n != f[3] - f[2] + 1) {
    print file ": Doxygen has no page of " f[1] >"/dev/stderr"
    exit 1
  }
  put("<div class=\"fragment\">")
  for (i = 1; i <= n; i++)
    put("<div class=\"line\">" dedented(text[i], least) "</div>")
  put("</div>")
}
function bare(line) {
  sub(/^.*<span class="lineno">(<a [^>]*>)?[ 0-9]*(<\/a>)?<\/span>/, "", line)
  sub(/<\/div>.*/, "", line)
  gsub(/<span class="keywordtype">id<\/span>/, "id", line)
  return called(line)
}
# Doxygen links a variable to the function or the value that has its name: a
# link to a function stays where it is called, one to a value at a type's.
function called(s,    out, link) {
  while (match(s, /<a class="code hl_(function|enumvalue)"[^>]*>[a-z][^<]*<\/a>/)) {
    link = substr(s, RSTART, RLENGTH)
    out = out substr(s, 1, RSTART - 1)
    s = substr(s, RSTART + RLENGTH)
    if (link ~ /hl_enumvalue/ ? out !~ /::(<[^>]*>)*$/ : s !~ /^\(/)
      gsub(/<[^>]*>/, "", link)
    out = out link
  }
  return out s
}
function indent(s) {
  gsub(/<[^>]*>/, "", s)
  if (s ~ /^[ \t]*$/) return 999
  match(s, /^ */)
  return RLENGTH
}
function dedented(s, columns,    i) {
  for (i = 0; i < columns; i++)
    if (match(s, /^(<[^>]*>)* /))
      s = substr(s, 1, RLENGTH - 1) substr(s, RLENGTH + 1)
  return s
}

# A word that begins a sentence is not the class that is called so.
function unlinked(s,    out, link) {
  while (match(s, /<a class="el" [^>]*>[A-Z][a-z]+<\/a> [a-z]/)) {
    link = substr(s, RSTART, RLENGTH)
    out = out substr(s, 1, RSTART - 1)
    if (out ~ /(>|\. *)$/ || out == "") gsub(/<[^>]*>/, "", link)
    out = out link
    s = substr(s, RSTART + RLENGTH)
  }
  return out s
}

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
