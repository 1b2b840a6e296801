# Writes the sidenotes of a page, @side{text}, as HTML; lines stay where they
# are. Prints `PAGE:LINE: ...` to standard error for one that is not closed.

/^```/ { code = !code }
code || /^```/ { print; next }
{
  out = ""; rest = $0
  while (rest != "") {
    if (!depth) {
      at = index(rest, "@side{")
      if (!at) { out = out rest; break }
      out = out substr(rest, 1, at - 1) \
        "<sup class=\"snref\"></sup><span class=\"sidenote\">"
      rest = substr(rest, at + 6); depth = 1; begun = NR; ticks = 0
    } else if (match(rest, /[{}`]/)) {
      mark = substr(rest, RSTART, 1)
      out = out substr(rest, 1, RSTART - 1)
      rest = substr(rest, RSTART + 1)
      if (mark == "`") ticks = !ticks
      else if (!ticks) depth += mark == "{" ? 1 : -1
      out = out (depth ? mark : "</span>")
    } else {
      out = out rest
      break
    }
  }
  if (depth && $0 ~ /^[ \t]*$/) unclosed()
  print out
}
END { if (depth) unclosed(); exit bad }

function unclosed() {
  print FILENAME ":" begun ": @side{ is not closed in its paragraph" \
    >"/dev/stderr"
  depth = 0; bad = 1
}
