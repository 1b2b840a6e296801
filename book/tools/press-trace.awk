# Draws a tick trace as SVG, a lane for each phase: time to the right; or, where
# the callbacks are too short to be seen so, one column for each of them. Reads
# the figure's file first: after its command may stand
#   from TEXT     begin with the first event after the line that holds TEXT
#   to TEXT       end with the line that holds TEXT
#   note TICK TEXT   words above a tick
# then what the command prints: `time tick phase lane what id length`.

FNR == NR {
  if ($1 == "from") from = rest(2)
  if ($1 == "to") to = rest(2)
  if ($1 == "note") note[$2] = rest(3)
  next
}
FNR == 1 { on = from == "" }
from != "" && index($0, from) { on = 1; next }
to != "" && on && index($0, to) { on = 0 }
on && NF == 7 && $1 ~ /^[0-9]+$/ && $7 ~ /^[0-9]+$/ {
  count++
  at[count] = $1; tick[count] = $2; phase[count] = $3
  what[count] = $5; id[count] = $6; long[count] = $7
  if (!($3 in lane)) { lane[$3] = ++lanes; name[lanes] = $3 }
  if (count == 1) begin = $1
  if ($1 + $7 > end) end = $1 + $7
}

END {
  if (!count) exit 1
  left = 90; width = 640; high = 52; top = 46
  span = end - begin; if (!span) span = 1
  column = width / count
  columns = column >= 40 && !long_enough()
  put_in_order("timers select handles dead close")
  printf "<svg viewBox=\"0 0 %d %d\">\n", left + width + 20, \
    top + lanes * high + 44
  ticks()
  for (i = 1; i <= lanes; i++) {
    y = top + (i - 1) * high
    printf "<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\"" \
      " height=\"%d\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s" \
      "</text>\n", left, y + 4, width, high - 8, left - 10, \
      y + high / 2 + 5, escaped(name[i])
  }
  for (i = 1; i <= count; i++) event(i)
  if (columns) times(); else axis()
  print "</svg>"
}

# Whether most callbacks can be seen when time runs to the right.
function long_enough(    i, seen) {
  for (i = 1; i <= count; i++)
    if (long[i] * width / span > 40) seen++
  return seen > count / 2
}

# The lanes from above: the phases in their order, then what else there is.
function put_in_order(phases,    n, i, p, known) {
  n = split(phases, p, " ")
  for (i = 1; i <= lanes; i++) p[n + i] = name[i]
  lanes = 0
  for (i = 1; i in p; i++)
    if (p[i] in lane && !known[p[i]]++) {
      lane[p[i]] = ++lanes
      name[lanes] = p[i]
    }
}

function rest(from,    i, s) {
  for (i = from; i <= NF; i++) s = s (i > from ? " " : "") $i
  return s
}
function escaped(s) {
  gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
  return s
}
function x_of(time) { return left + 8 + (time - begin) * (width - 16) / span }
function place(i) { return columns ? left + (i - 1) * column + 3 : x_of(at[i]) }

# A line where each tick begins, and its number.
function ticks(    i, x, shown) {
  shown = -99
  for (i = 1; i <= count; i++) {
    if (tick[i] == tick[i - 1]) continue
    x = place(i)
    if (i > 1) printf "<path class=\"dash\" d=\"M%.1f %d V%d\"/>\n", \
      x - 3, top - 8, top + lanes * high
    if (x - shown > 44) {
      printf "<text class=\"small\" x=\"%.1f\" y=\"%d\">tick %s</text>\n", \
        x, top - 12, tick[i]
      shown = x
    }
    if (tick[i] in note)
      printf "<text class=\"small strong\" x=\"%.1f\" y=\"%d\">%s</text>\n", \
        x, top - 28, escaped(note[tick[i]])
  }
}

function event(i,    x, y, wide) {
  x = place(i)
  y = top + (lane[phase[i]] - 1) * high + 8
  wide = columns ? column - 6 : x_of(at[i] + long[i]) - x
  if (wide < 9) wide = 9
  if (!columns) {  # at the same instant they stand beside each other
    if (x < used[phase[i]] + 2) x = used[phase[i]] + 2
    used[phase[i]] = x + wide
  }
  printf "<rect class=\"work\" x=\"%.1f\" y=\"%d\" width=\"%.1f\"" \
    " height=\"%d\" rx=\"3\"><title>%s %s at %s us, %s us long</title>" \
    "</rect>\n", x, y, wide, high - 16, escaped(what[i]), id[i], at[i], long[i]
  if (wide > 6 * length(what[i])) label(what[i], x + wide / 2, y + 15)
  label(id[i], x + wide / 2, y + (wide > 6 * length(what[i]) ? 30 : 22))
}
function label(text, x, y) {
  printf "<text class=\"tiny\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">" \
    "%s</text>\n", x, y, escaped(text)
}

function times(    i) {
  for (i = 1; i <= count; i++)
    if (at[i] != at[i - 1])
      label(time_text(at[i]), place(i) + column / 2 - 3, top + lanes * high + 20)
}
function axis(    i, y, time, step) {
  y = top + lanes * high + 20
  step = nice(span / 6)
  for (time = int((begin + step - 1) / step) * step; time <= end; time += step)
    printf "<path class=\"thin\" d=\"M%.1f %d v5\"/><text class=\"small\"" \
      " x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", \
      x_of(time), y - 18, x_of(time), y + 3, time_text(time)
}
function nice(raw,    unit) {
  unit = 1
  while (unit * 10 <= raw) unit *= 10
  return raw > 5 * unit ? 10 * unit : raw > 2 * unit ? 5 * unit : \
    raw > unit ? 2 * unit : unit
}
function time_text(us) {
  return span >= 5000 ? us / 1000 " ms" : us " us"
}
