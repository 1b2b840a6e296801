# Includes are spelled from the root, name a file that exists, point downward
# (reactor <- pool <- rpc <- programs; rpc/wire knows only the standard library)
# and never form a circle. Standard input lists all files; then come the sources.

FILENAME == "-" { exists[$0] = 1; next }

/^[ \t]*#[ \t]*include[ \t]*</ {
  match($0, /<[^>]*>/)
  name = substr($0, RSTART + 1, RLENGTH - 2)
  if (layer(FILENAME) == "wire" && name ~ /[.\/]/)
    at("a codec includes only the standard library: <" name ">")
  if (layer(name) != "") at("ours is included with quotes: <" name ">")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
  match($0, /"[^"]*"/)
  name = substr($0, RSTART + 1, RLENGTH - 2)
  if (!(name in exists)) {
    at("\"" name "\" is no path from the root to a file")
    next
  }
  if (!may(layer(FILENAME), layer(name)))
    at(layer(FILENAME) " may not include " name)
  if (!is_rest_of(FILENAME, name))
    edges[FILENAME] = edges[FILENAME] " " name
}

END { for (f in edges) visit(f, "") }

function at(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }

# An .inl is the rest of its header, so it may include it.
function is_rest_of(inl, header) {
  return sub(/\.inl$/, ".h", inl) && inl == header
}

# The tests of a chapter's programs are tests. The seeded network (chapter 8) is
# for programs, too.
function layer(path) {
  if (path ~ /^rpc\/wire\//) return "wire"
  if (path ~ /^tests\/support\/sim_[^\/]*\.h$/) return "simulation"
  if (path ~ /^chapters\/[^\/]*\/.*_test\.cpp$/) return "tests"
  if (match(path, /^(reactor|pool|rpc|examples|chapters|tests)\//))
    return substr(path, 1, RLENGTH - 1)
  return ""
}

function may(from, to) {
  if (from == to) return 1
  if (from == "wire" || from == "reactor") return 0
  if (from == "pool") return to == "reactor"
  if (from == "rpc") return to == "wire" || to == "pool" || to == "reactor"
  if (from == "tests" || from == "simulation") return to != "chapters"
  if (from == "chapters" && to == "simulation") return 1
  if (to == "simulation") return 0
  return to != "tests" && to != "examples" && to != "chapters"
}

# Depth first: a file that is met again on the way down closes a circle.
function visit(f, path,    names, n, i) {
  if (done[f]) return
  if (on_path[f]) { print f ": a circle of includes:" path " " f; return }
  on_path[f] = 1
  n = split(edges[f], names, " ")
  for (i = 1; i <= n; i++) visit(names[i], path " " f)
  on_path[f] = 0
  done[f] = 1
}
