# No function is longer than 40 lines, no test body longer than 25.
# Runs with strip.awk, over any number of files.

FNR == 1 {
  settle()
  new_file(); depth = 0; inside = 0; statement = ""; ended = 0; in_macro = 0
}

END { settle() }

{ code = code_of($0) }
in_macro || code ~ /^[ \t]*#/ { in_macro = code ~ /\\$/; next }
{
  while (match(code, /[{};]/)) {
    before = substr(code, 1, RSTART - 1)
    mark = substr(code, RSTART, 1)
    code = substr(code, RSTART + 1)
    add(before)
    if (mark == "{") open_brace()
    else if (mark == "}") close_brace()
    else if (!inside) { settle(); statement = "" }
  }
  add(code)
}

# Text outside of function bodies belongs to the statement under way.
function add(text) {
  if (inside || text ~ /^[ \t]*$/) return
  if (text ~ /^[ \t]*(public|private|protected)[ \t]*:[ \t]*$/) return
  # a function that ended goes on if a member's braces ended, not its own
  if (ended && text !~ /^[ \t]*,/) settle()
  if (statement ~ /^[ \t]*$/) begin = FNR
  statement = statement " " text
}

function open_brace() {
  depth++
  if (inside) return
  if (is_scope(statement)) { settle(); statement = ""; return }
  ended = 0
  inside = depth
}

function close_brace() {
  if (inside == depth) {
    inside = 0
    if (is_function(statement)) { ended = FNR; ended_in = FILENAME }
  } else if (!inside) {
    settle(); statement = ""
  }
  depth--
}

function settle(    lines, limit, name) {
  if (ended) {
    name = statement
    sub(/\(.*/, "", name); sub(/.*[ \t*&]/, "", name)
    lines = ended - begin + 1
    limit = name ~ /^(TYPED_)?TEST(_F|_P)?$/ ? 25 : 40
    if (lines > limit)
      printf "%s:%d: %s has %d lines, more than %d\n", \
        ended_in, begin, name, lines, limit
    statement = ""
  }
  ended = 0
}

function is_scope(s) {
  sub(/^[ \t]*/, "", s)
  s = without_template(s)
  if (s ~ /^extern ""[ \t]*$/) return 1
  if (s ~ /\)[ \t]*(const|noexcept|override|final|[ \t])*$/) return 0
  return s ~ /^(inline[ \t]+)?(namespace|class|struct|union|enum)([^A-Za-z0-9_]|$)/
}

function is_function(s,    head) {
  head = s
  if (!sub(/\(.*/, "", head)) return 0
  return head !~ /=/ || head ~ /operator/ || head ~ /=[ \t]*\[/
}

function without_template(s,    i, c, level) {
  while (s ~ /^template[ \t]*</) {
    level = 0
    for (i = index(s, "<"); i <= length(s); i++) {
      c = substr(s, i, 1)
      if (c == "<") level++
      if (c == ">" && --level == 0) break
    }
    s = substr(s, i + 1)
    sub(/^[ \t]*/, "", s)
  }
  return s
}
