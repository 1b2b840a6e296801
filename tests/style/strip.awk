# code_of(line) is what is left of a line of C++ without comments and with empty
# string literals; comment_of is 1 when the line held a comment. State runs over
# lines; new_file() resets it.

function new_file() { in_comment = 0; raw_end = "" }

function code_of(line,    out, rest, token) {
  out = ""; rest = line; comment_of = 0
  while (rest != "") {
    if (raw_end != "") { rest = skip_past(rest, raw_end); continue }
    if (in_comment) {
      comment_of = 1
      rest = skip_past(rest, "*/")
      continue
    }
    if (!match(rest, /\/\/|\/\*|"|'/)) return out rest
    token = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1)
    rest = substr(rest, RSTART + RLENGTH)
    if (token == "//") { comment_of = 1; return out }
    if (token == "/*") { in_comment = 1; continue }
    if (token == "'" && out ~ /[0-9a-fA-F]$/ && rest ~ /^[0-9a-fA-F]/) continue
    if (token == "\"" && out ~ /(^|[^A-Za-z0-9_])(u8|u|U|L)?R$/) {
      raw_end = ")" substr(rest, 1, index(rest, "(") - 1) "\""
      out = out "\"\""
      continue
    }
    rest = after_literal(rest, token)
    out = out token token
  }
  return out
}

# What follows the end mark; the state it ended is over.
function skip_past(rest, mark,    at) {
  at = index(rest, mark)
  if (!at) return ""
  if (in_comment) in_comment = 0; else raw_end = ""
  return substr(rest, at + length(mark))
}

function after_literal(rest, quote,    i, c) {
  for (i = 1; i <= length(rest); i++) {
    c = substr(rest, i, 1)
    if (c == "\\") i++
    else if (c == quote) return substr(rest, i + 1)
  }
  return ""
}
