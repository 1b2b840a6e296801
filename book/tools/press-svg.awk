# Makes an SVG file fit into a page: no prolog, no size, ids of its own (`name`
# comes before each), what it shows in words (`alt`), arrow heads, and no colours
# if dot has drawn it (`generated`): the theme's classes give them.

{ text = text $0 "\n" }

END {
  begin = index(text, "<svg")
  text = substr(text, begin)
  end = index(text, ">")
  print head(substr(text, 1, end))
  text = substr(text, end + 1)
  gsub(/ id="/, "&" name "-", text)
  gsub(/url\(#/, "&" name "-", text)
  gsub(/href="#/, "&" name "-", text)
  gsub(/<!--[^>]*-->\n?/, "", text)
  if (generated) text = plain(text)
  printf "%s", text
}

function head(tag,    box) {
  match(tag, /viewBox="[^"]*"/)
  box = substr(tag, RSTART, RLENGTH)
  split(box, edge, /[" ]/)
  return "<svg class=\"drawing\" " box " style=\"max-width:" int(edge[4]) \
    "px\" role=\"img\" aria-label=\"" alt "\">\n" markers()
}

function markers() {
  return "<defs>" marker("arrow", "") marker("arrow-bad", "bad-") \
    marker("arrow-work", "work-") "</defs>"
}
function marker(id, kind) {
  return "<marker id=\"" name "-" id "\" viewBox=\"0 0 10 10\" refX=\"9\"" \
    " refY=\"5\" markerWidth=\"7\" markerHeight=\"7\"" \
    " orient=\"auto-start-reverse\"><path class=\"" kind "tip\"" \
    " d=\"M0 0 10 5 0 10z\"/></marker>"
}

function plain(s) {
  gsub(/ (fill|stroke|font-family|font-size)="[^"]*"/, "", s)
  gsub(/<title>[^<]*<\/title>\n?/, "", s)
  return s
}
