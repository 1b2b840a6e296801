# Reads `diff -y -t -W WIDTH`; prints it with the lines that differ marked and
# coloured, and what is far from each difference left out. With width 0, it is
# the first character of a line that says whether it differs.
# -v width, -v mark (colour), -v dim, -v plain
BEGIN {
  second = int((width + 4) / 2) # where diff begins its right half
  half = second - 3 < width - second ? second - 3 : width - second
  gutter = width ? int((half + second - 1) / 2) + 1 : 1
}
{ line[NR] = $0; differs[NR] = substr($0, gutter, 1) ~ /[|<>\/\\()]/ }
END {
  for (i = 1; i <= NR; i++) if (differs[i])
    for (j = i - 4; j <= i + 4; j++) near[j] = 1
  for (i = 1; i <= NR; i++) {
    if (near[i] || NR <= 24) {
      print differs[i] ? mark line[i] plain : line[i]
      left_out = 0
    } else if (!left_out++) print dim "..." plain
  }
}
