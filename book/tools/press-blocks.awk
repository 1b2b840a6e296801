# Writes what is no prose as HTML. `kind` says what is read:
#   console  a transcript: `$ ` and `> ` lines are commands, the rest output
#   diff     a unified diff, less its head
#   text     any text

function escaped(s) {
  gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
  return s
}
function row(class, text) {
  printf "<div class=\"line%s\">%s</div>\n", class == "" ? "" : " " class, \
    escaped(text)
}
BEGIN { print "<div class=\"fragment " kind "\">" }
END { print "</div>" }

kind == "console" && /^\$ / { row("cmd", substr($0, 3)); command = 1; next }
kind == "console" && /^> / && command { row("more", substr($0, 3)); next }
kind == "console" {
  gsub(/\[\.\.\]/, "…")  # what differs from run to run
  row($0 == "..." ? "any" : "", $0)
  command = 0
  next
}
kind == "diff" && /^(---|\+\+\+) / { next }
kind == "diff" && /^@@/ { if (hunks++) row("hunk", "…"); began = blank = 0; next }
# blank lines at the ends of a hunk tell nothing
kind == "diff" && /^ ?$/ { blank += began; next }
kind == "diff" { began = 1; while (blank) { row("", ""); blank-- } }
kind == "diff" && /^-/ { row("del", "- " substr($0, 2)); next }
kind == "diff" && /^\+/ { row("ins", "+ " substr($0, 2)); next }
kind == "diff" { row("", "  " substr($0, 2)); next }
{ row("", $0) }
