#!/usr/bin/env -S awk -W interactive -f
# A worker: reads a line of numbers and answers their sum. mawk keeps lines to
# itself unless it is told "interactive"; gawk does not know the word and goes
# on. An answer that stays in a buffer is none: flush each.
{
  sum = 0
  for (i = 1; i <= NF; i++) sum += $i
  print sum
  fflush()
}
