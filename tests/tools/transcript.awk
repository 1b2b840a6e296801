# Compares what a page shows (WANT) with what came (GOT), both from the
# environment. In WANT, [..] stands for anything within a line and a line ...
# for any number of lines. Exits 0 if they agree; with -v merge=1 prints GOT
# with each line of WANT kept that still holds.

BEGIN {
  wants = lines(ENVIRON["WANT"], want)
  gots = lines(ENVIRON["GOT"], got)
  if (merge) { print_merged(); exit 0 }
  exit !agree(1, 1)
}

function lines(text, into) { return text == "" ? 0 : split(text, into, "\n") }

# The text of a line against its pattern.
function holds(pattern, text,    parts, n, i, at, tail) {
  n = split(pattern, parts, /\[\.\.\]/)
  if (n == 1) return pattern == text
  if (substr(text, 1, length(parts[1])) != parts[1]) return 0
  text = substr(text, length(parts[1]) + 1)
  for (i = 2; i < n; i++) {
    at = index(text, parts[i])
    if (parts[i] != "" && !at) return 0
    if (at) text = substr(text, at + length(parts[i]))
  }
  tail = parts[n]
  return length(text) >= length(tail) \
    && substr(text, length(text) - length(tail) + 1) == tail
}

function agree(i, j) {
  if (i > wants) return j > gots
  if (want[i] == "...") return agree(i + 1, j) || (j <= gots && agree(i, j + 1))
  return j <= gots && holds(want[i], got[j]) && agree(i + 1, j + 1)
}

# How many lines of WANT can be kept from here on; how[] says by which step.
function best(i, j,    kept, other, key) {
  key = i " " j
  if (key in how) return value[key]
  if (j > gots) { how[key] = "end"; return value[key] = 0 }
  kept = best(i, j + 1); how[key] = "new"
  if (i <= wants) {
    other = best(i + 1, j)
    if (other > kept) { kept = other; how[key] = "drop" }
    if (want[i] == "...") {
      other = best_gap(i, j)
      if (other >= kept) { kept = other; how[key] = "gap" }
    } else if (holds(want[i], got[j])) {
      other = 1 + best(i + 1, j + 1)
      if (other >= kept) { kept = other; how[key] = "keep" }
    }
  }
  return value[key] = kept
}

# Where the lines that a ... stands for end best.
function best_gap(i, j,    k, most) {
  most = -1
  for (k = j; k <= gots + 1; k++)
    if (best(i + 1, k) > most) { most = best(i + 1, k); gap[i " " j] = k }
  return most + 0.5
}

function print_merged(    i, j, step) {
  best(1, 1)
  for (i = j = 1; (step = how[i " " j]) != "end" && j <= gots;) {
    if (step == "new") print got[j++]
    else if (step == "drop") i++
    else if (step == "keep") { print want[i++]; j++ }
    else { print "..."; j = gap[i " " j]; i++; best(i, j) }
  }
}
