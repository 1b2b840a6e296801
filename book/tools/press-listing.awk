# Finds a piece of a source file by its name or by its text, for the book's
# listings. Runs with tests/style/strip.awk over one file. What is looked for
# comes by the environment, whose bytes awk leaves as they are:
#   SYMBOL   a function, class, enum or `using` name, or Suite.Name of a test;
#            `Class::function` may be shortened to `function`
#   FROM TO  within it, or within the file: from the line that contains FROM
#            to the next one that contains TO (the same line if they are equal)
# Prints `FIRST LAST`; or one line that begins with `!` and says what is wrong.

FNR == 1 {
  new_file(); depth = 0; inside = 0; level = 0; statement = ""; ended = 0
  hits = 0
}

{
  line[FNR] = $0
  code = code_of($0)
  bare[FNR] = code ~ /^[ \t]*$/ && comment_of
}
in_macro || code ~ /^[ \t]*#/ { in_macro = code ~ /\\$/; next }
{
  while (match(code, /[{};]/)) {
    before = substr(code, 1, RSTART - 1)
    mark = substr(code, RSTART, 1)
    code = substr(code, RSTART + 1)
    add(before)
    if (mark == "{") open_brace()
    else if (mark == "}") close_brace()
    else end_of_statement()
  }
  add(code)
}

END {
  settle()
  answer()
}

# ---- the file as statements

function add(text) {
  if (inside || text ~ /^[ \t]*$/) return
  sub(/^[ \t]*(public|private|protected)[ \t]*:/, "", text)
  if (text ~ /^[ \t]*$/) return
  # a function that ended goes on if a member's braces ended, not its own
  if (ended && text !~ /^[ \t]*,/) settle()
  ended = 0
  if (statement ~ /^[ \t]*$/) begin = FNR
  statement = statement " " text
}

function open_brace() {
  depth++
  if (inside) return
  if (is_scope(statement)) {
    settle()
    level++
    opened[level] = depth; begun[level] = begin; named[level] = scope_name()
    statement = ""
    return
  }
  ended = 0
  inside = depth
}

function close_brace() {
  if (inside == depth) {
    inside = 0
    ended = FNR
  } else if (!inside) {
    settle()
    if (level && opened[level] == depth) {
      found(named[level], begun[level], FNR, level - 1)
      level--
    }
    statement = ""
  }
  depth--
}

function end_of_statement(    name) {
  if (inside) return
  if (ended) { ended = FNR; settle(); return }
  name = statement
  if (name ~ /^[ \t]*using [A-Za-z_]+ *=/) {
    sub(/^[ \t]*using /, "", name); sub(/[ =].*/, "", name)
    found(name, begin, FNR, level)
  }
  statement = ""
}

function settle() {
  if (!ended) return
  found(function_name(statement), begin, ended, level)
  statement = ""
  ended = 0
}

# ---- names

function is_scope(s) {
  s = without_template(s)
  if (s ~ /^extern ""[ \t]*$/) return 1
  if (s ~ /\)[ \t]*(const|noexcept|override|final|[ \t])*$/ &&
      s !~ /^(class|struct)[ \t]+CAPABILITY|^class[ \t]+[A-Z_]+\(/) return 0
  return s ~ /^(inline[ \t]+)?(namespace|class|struct|union|enum)([^A-Za-z0-9_]|$)/
}

function scope_name(    s) {
  s = without_template(statement)
  if (s ~ /^(inline[ \t]+)?namespace/) return ""
  sub(/^(class|struct|union|enum)[ \t]+((class|struct)[ \t]+)?/, "", s)
  sub(/^([A-Z_]+\([^)]*\)|\[\[[^]]*\]\]|alignas\([^)]*\))[ \t]*/, "", s)
  match(s, /^[A-Za-z0-9_:]*/)
  return substr(s, 1, RLENGTH)
}

function function_name(s,    i, c, angles, name) {
  s = without_template(s)
  if (match(s, /^[ \t]*(TYPED_)?TEST(_F|_P)?\([^)]*\)/)) {
    name = substr(s, RSTART, RLENGTH)
    sub(/^[^(]*\([ \t]*/, "", name); sub(/[ \t]*\)$/, "", name)
    sub(/[ \t]*,[ \t]*/, ".", name)
    return name
  }
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1)
    if (c == "<") angles++
    if (c == ">") angles--
    if (c == "(" && angles <= 0) break
    if (c == "=" && substr(s, 1, i) !~ /operator/) break
  }
  name = substr(s, 1, i - 1)
  if (match(name, /[A-Za-z0-9_:<>]*operator.*$/))
    name = substr(name, RSTART, RLENGTH)
  sub(/[ \t]+$/, "", name)
  while (sub(/<[^<>]*>::/, "::", name)) { }
  sub(/.*[ \t*&]/, "", name)
  return name
}

function without_template(s,    i, c, angles) {
  sub(/^[ \t]*/, "", s)
  while (s ~ /^template[ \t]*</) {
    angles = 0
    for (i = index(s, "<"); i <= length(s); i++) {
      c = substr(s, i, 1)
      if (c == "<") angles++
      if (c == ">" && --angles == 0) break
    }
    s = substr(s, i + 1)
    sub(/^[ \t]*/, "", s)
    sub(/^requires[ \t]*\([^)]*\)[ \t]*/, "", s)
  }
  return s
}

# ---- what was looked for

function found(name, first, last, scope,    i, tail) {
  if (name == "") return
  for (i = scope; i > 0; i--)
    if (named[i] != "") name = named[i] "::" name
  if (ENVIRON["SYMBOL"] == "") return
  tail = "::" ENVIRON["SYMBOL"]
  if (name == ENVIRON["SYMBOL"]) whole++
  else if (substr(name, length(name) - length(tail) + 1) != tail) return
  hits++
  hit_name[hits] = name; hit_first[hits] = first; hit_last[hits] = last
}

function answer(    first, last, i) {
  first = 1; last = FNR
  if (ENVIRON["SYMBOL"] != "") {
    i = chosen()
    if (!i) return
    first = hit_first[i]; last = hit_last[i]
    while (first > 1 && bare[first - 1]) first--
  }
  if (ENVIRON["FROM"] != "") part(first, last)
  else print first, last
}

function chosen(    i) {
  for (i = 1; i <= hits; i++) {
    if (whole && hit_name[i] != ENVIRON["SYMBOL"]) continue
    if (whole <= 1 && (whole || hits == 1)) return i
    break
  }
  if (!hits) print "! no " ENVIRON["SYMBOL"] " in " FILENAME
  else print "! " hits " of " ENVIRON["SYMBOL"] " in " FILENAME \
    " (lines " hit_first[1] " and " hit_first[2] "): ambiguous"
  return 0
}

function part(first, last,    i, from, times) {
  for (i = first; i <= last; i++)
    if (index(line[i], ENVIRON["FROM"])) { times++; if (!from) from = i }
  if (times != 1) {
    print "! \"" ENVIRON["FROM"] "\" stands in " times + 0 " lines of " \
      (ENVIRON["SYMBOL"] == "" ? FILENAME : ENVIRON["SYMBOL"])
    return
  }
  if (ENVIRON["FROM"] == ENVIRON["TO"]) { print from, from; return }
  for (i = from + 1; i <= last; i++)
    if (index(line[i], ENVIRON["TO"])) { print from, closed(from, i); return }
  print "! no \"" ENVIRON["TO"] "\" after line " from " of " FILENAME
}

# The brace that closes what `from` has opened is not left out.
function closed(from, to) {
  return line[to + 1] ~ /^[ \t]*}[;)]*$/ && \
    indent(line[to + 1]) == indent(line[from]) ? to + 1 : to
}

function indent(text) { match(text, /^[ \t]*/); return RLENGTH }
