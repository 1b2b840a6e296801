# Reads a chapter's list of exercises; prints what is wrong with it.
# -v chapter: its number.
/^[ \t]*(#|$)/ { next }
/^[0-9]+\.[0-9]+ / {
  finish()
  split($1, n, "."); id = $1; kind = $2
  if (n[1] != chapter) bad("is not of chapter " chapter)
  if (n[2] + 0 <= last + 0) bad("stands after " chapter "." last)
  last = n[2]
  if (!(kind in needs)) bad("is of no kind: " kind)
  if (has_kind[kind]++ && needs_one[kind]) bad("is a second one to " kind)
  if (NF < 3) bad("has no sentence")
  count++
  next
}
id == "" { print "line " FNR " stands before the first exercise"; next }
$1 !~ /^(read|program|columns|file|test|mutants?)$/ { bad("what is " $1 "?") }
NF < 2 { bad($1 " is empty") }
{ has[$1]++ }
$1 == "test" && seen[$2]++ { bad("lists " $2 ", as another does") }
BEGIN {
  needs["predict"] = "read program"; needs["build"] = "read file test"
  needs["hunt"] = "read mutants"; needs["prove"] = "read mutant"
  needs_one["predict"] = needs_one["prove"] = needs_one["hunt"] = 1
}
END {
  finish()
  for (kind in needs)
    if (!has_kind[kind]) print "there is none to " kind
  if (count < 3) print "there are only " count
}
function finish(    i, n, key) {
  n = split(id == "" ? "" : needs[kind], key, " ")
  for (i = 1; i <= n; i++)
    if (!has[key[i]]) bad("has no `" key[i] "`")
  split("", has)
}
function bad(what) { print id " " what }
