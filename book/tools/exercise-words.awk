# Turns the text of a failed GoogleTest test, its first failure, into lines
# KEY<tab>TEXT: wanted, came, where, said; for texts of many lines also same
# (lines before the first that differs). The tests write EXPECT_EQ(came, wanted).
{ sub(/\r$/, "") }
/: Failure$/ { if (at != "") exit; at = $0; sub(/: Failure$/, "", at); next }
at == "" { if (NF) before = before (before == "" ? "" : "\n") $0; next }
/^Expected equality of these values:$/ { equality = 1; next }
equality && /^With diff:$/ { skipping = 1; next }
skipping { next }
equality && /^    Which is: / { value[sides] = substr($0, 15); next }
equality && /^  / && sides < 2 {
  sides++
  name[sides] = value[sides] = substr($0, 3)
  next
}
/^Value of: / { name[1] = substr($0, 11); next }
/^  Actual: / { came = substr($0, 11); next }
/^Expected: .*, actual: / {
  split($0, half, /, actual: /)
  wanted = substr(half[1], 11); came = half[2]; next }
/^Expected: / { wanted = substr($0, 11); next }
/^Google Test trace:$/ || /^Stack trace:/ { exit }
NF { said = said (said == "" ? "" : "\n") $0 }
END {
  if (equality) compare(readable(1), readable(2))
  else if (wanted != "" || came != "") {
    put("wanted", wanted); put("came", came == "" ? "something else" : came) }
  if (name[1] != "" && name[1] != value[1]) put("what", name[1])
  if (at == "" && before != "") put("said", last_lines(before, 6))
  if (said != "") put("said", said)
  if (at != "" && at != "unknown file") put("where", at)
}
function put(key, text,    lines, n, i) {
  n = split(text, lines, "\n")
  for (i = 1; i <= n; i++) print key "\t" cut(lines[i])
  if (!n) print key "\t"
}
function cut(text) {
  return length(text) > 200 ? substr(text, 1, 200) "..." : text
}
function last_lines(text, most,    lines, n, i, out) {
  n = split(text, lines, "\n")
  for (i = n > most ? n - most + 1 : 1; i <= n; i++)
    out = out (out == "" ? "" : "\n") lines[i]
  return out
}
# What a value is: its own words where GoogleTest can only show its bytes.
function readable(side,    text) {
  text = value[side]
  # a literal beside a string_view is shown as where it lies
  if (name[side] ~ /^R?"/ && text ~ /^0x/) text = literal(name[side])
  if (text ~ /-byte object </) {
    if (side == 2) return name[side]
    gsub(/[0-9]+-byte object <[^>]*>/, "(another)", text)
  }
  if (text ~ /^0x[0-9a-f]+$/) return "something at " text
  return text == "(nullptr)" ? "nothing (nullptr)" : text_of(text)
}
# One of several parts, "a" "b", as one.
function literal(text) {
  while (match(text, /[^\\]" "/))
    text = substr(text, 1, RSTART) substr(text, RSTART + 4)
  return text
}
# "a\nb" as its text if it holds several lines, else as it stands.
function text_of(value,    i, c, out) {
  if (value !~ /^".*\\n/) return value
  sub(/"$/, "", value)
  value = substr(value, 2)
  for (i = 1; i <= length(value); i++) {
    c = substr(value, i, 1)
    if (c == "\\") {
      c = substr(value, ++i, 1)
      if (c == "n") c = "\n"; else if (c == "t") c = "\t"
      else if (c !~ /[\\"]/) c = "\\" c
    }
    out = out c
  }
  return out
}
function compare(came, wanted,    c, w, n, m, i, j) {
  n = split(came, c, "\n"); m = split(wanted, w, "\n")
  if (n < 2 && m < 2) { put("wanted", wanted); put("came", came); return }
  if (came ~ /\n$/) n--
  if (wanted ~ /\n$/) m--
  for (i = 1; i <= n && i <= m && c[i] == w[i]; i++) { }
  for (j = i > 4 ? i - 4 : 1; j < i; j++) print "same\t" w[j]
  print "line\t" i
  print "wanted\t" (i > m ? "(the end)" : cut(w[i]))
  print "came\t" (i > n ? "(the end)" : cut(c[i]))
}
