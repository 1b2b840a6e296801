# Joins finished pages into the one that is printed: links between them become
# links within it, links to pages that are not in it become plain text, what was
# to be predicted stands open.

BEGIN {
  for (i = 1; i < ARGC; i++) {
    name = ARGV[i]; sub(/.*\//, "", name)
    inside[name] = 1
  }
  print "<!DOCTYPE html>\n<html lang=\"en\" data-theme=\"light\">\n<head>\n" \
    "<meta charset=\"utf-8\"/>\n<title>Reactor Pool</title>"
  split("frame text code figures api print", sheet, " ")
  for (i = 1; i <= 6; i++)
    print "<link href=\"" sheet[i] ".css\" rel=\"stylesheet\"/>"
  print "</head>\n<body class=\"whole\">\n<main id=\"content\">"
}
END { print "</main>\n</body>\n</html>" }

FNR == 1 { page = FILENAME; sub(/.*\//, "", page); body = 0 }
/<main id="content">/ { print "<article id=\"page-" page "\">"; body = 1; next }
/<nav class="prevnext"|<footer id="foot"/ && body { print "</article>"; body = 0 }
body { print within($0) }

function within(s,    out, link) {
  sub(/<details class="predict">/, "<details class=\"predict\" open=\"open\">", s)
  while (match(s, / href="[^"]*"/)) {
    link = substr(s, RSTART + 7, RLENGTH - 8)
    out = out substr(s, 1, RSTART - 1) attribute(link)
    s = substr(s, RSTART + RLENGTH)
  }
  return out s
}
function attribute(link,    file, at) {
  if (link ~ /^(#|https?:)/) return " href=\"" link "\""
  at = index(link, "#")
  file = at ? substr(link, 1, at - 1) : link
  if (!(file in inside)) return ""
  return " href=\"#" (at ? substr(link, at + 1) : "page-" file) "\""
}
