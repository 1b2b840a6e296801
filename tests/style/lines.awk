# What can be seen a line at a time, and each file's length and comment share.
# Runs with strip.awk, over any number of files.

FNR == 1 {
  finish(file)
  new_file()
  file = FILENAME; lines = 0; filled = 0; comments = 0
  if (file ~ /(^|[\/_])(utils?|common|helpers?|misc)[._]/)
    print file ": a name that says nothing about what is inside"
}

{
  lines++
  code = code_of($0)
  if ($0 !~ /^[ \t]*$/) filled++
  if (comment_of && code ~ /^[ \t]*$/) comments++

  width = $0
  gsub(/[\200-\277]/, "", width)  # the further bytes of a character
  if (length(width) > 80) at("longer than 80 columns")
  if ($0 ~ /(TODO|FIXME)/) at("left undone in words")
  if (code ~ /shared_from_this/) at("shared_from_this: one owner, others keep an id")
  if ($0 ~ /^[ \t]*#[ \t]*include[ \t]*".*\.cpp"/) at("includes a source file")
  if (file ~ /\.h$/ && $0 ~ /^#pragma once/) once[file] = 1
  if (file ~ /(^|\/)tests\// && file !~ /\/bench\// && sleeps(code))
    at("a test does not sleep")
  if (file ~ /_test\.cpp$/ && code ~ /(^|[^A-Za-z0-9_])main\(/)
    at("all tests are linked into one program, with its main()")
}

END { finish(file) }

function at(what) { printf "%s:%d: %s\n", FILENAME, FNR, what }

function sleeps(code) {
  return code ~ /(^|[^A-Za-z0-9_])(sleep_for|sleep_until|usleep|sleep|nanosleep|clock_nanosleep)\(/ \
    || code ~ /(^|[^A-Za-z0-9_])poll\((nullptr|NULL|0)[ ,]/ \
    || code ~ /(^|[^A-Za-z0-9_])select\(0, *(nullptr|NULL)/
}

function finish(f,    percent) {
  if (f == "") return
  if (lines > 300) print f ": " lines " lines, more than 300"
  if (f ~ /\.h$/ && !(f in once)) print f ": no #pragma once"
  if (f !~ /^(\.\/)?(reactor|pool|rpc)\// || !filled) return
  percent = 100 * comments / filled
  if (f ~ /\.h$/ && (percent < 30 || percent > 50))
    share(f, percent, "a header has 30 to 50 %")
  if (f !~ /\.h$/ && percent > 15)
    share(f, percent, "a source has at most 15 %")
}

function share(f, percent, rule) {
  printf "%s: %.1f %% comment (%d of %d lines that are not blank): %s\n", \
    f, percent, comments, filled, rule
}
