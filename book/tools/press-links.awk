# Checks the links of a folder of HTML pages: every href and src that points to
# no other place in the world names a file that exists and an anchor in it.

FNR == 1 { page = FILENAME; sub(/.*\//, "", page); folder = FILENAME
  sub(/[^\/]*$/, "", folder); exists[page] = 1; pages++ }

{
  rest = $0
  while (match(rest, / (id|name|href|src)="[^"]*"/)) {
    text = substr(rest, RSTART + 1, RLENGTH - 2)
    rest = substr(rest, RSTART + RLENGTH)
    kind = text; sub(/=.*/, "", kind)
    sub(/^[a-z]+="/, "", text)
    if (kind == "id" || kind == "name") anchor[page "#" text] = 1
    else link(text)
  }
}

function link(text) {
  if (text ~ /^(https?|mailto):/) return
  if (text ~ /^#/) text = page text
  links++
  if (!((page, text) in seen)) {
    seen[page, text] = 1
    to[++wanted] = text; from[wanted] = page ":" FNR
  }
}

END {
  for (i = 1; i <= wanted; i++) {
    file = to[i]; sub(/[#?].*/, "", file)
    if (!there(file)) fault("there is no " file)
    else if (to[i] ~ /#/ && file ~ /\.html$/ && !(to[i] in anchor) &&
        !((to[i]) in anchor)) fault("there is no anchor " to[i])
  }
  if (!bad) print "links: " links " links in " pages " pages lead somewhere"
  exit bad
}

function there(file,    line) {
  if (!(file in exists)) {
    exists[file] = (getline line <(folder file)) >= 0
    close(folder file)
  }
  return exists[file]
}
function fault(text) {
  print from[i] ": " text
  bad = 1
}
