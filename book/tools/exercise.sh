# Shared by the tools of the exercises: sourced, from the project's root. The
# Makefile tells BUILD, WORK, MAKE, CXX, TEST_FLAGS, TEST_LINK and PCH.
set -u
unset MAKEFLAGS MAKELEVEL MFLAGS
: "${BUILD:=build}" "${WORK:=work}" "${MAKE:=make}"
WORK=${WORK%/}
progress=$WORK/progress

# ---- what the terminal can show

if [ "${COLOUR-}" = always ] ||
  { [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; }; then
  bold=$'\e[1m' dim=$'\e[2m' red=$'\e[31m' green=$'\e[32m'
  yellow=$'\e[33m' cyan=$'\e[36m' plain=$'\e[0m'
else
  bold='' dim='' red='' green='' yellow='' cyan='' plain=''
fi
columns() { # the terminal's width; 80 if there is none
  local size
  [ -t 1 ] && size=$(stty size 2>/dev/null <&1) && [ "${size#* }" -ge 40 ] &&
    echo "${size#* }" && return
  echo 80
}
# On a terminal, runs the tool once more in a process group of its own: Ctrl-C
# reaches the tool, and make does not call it an error.
apart() { # apart ARG...: the tool's own
  [ -t 1 ] && [ -z "${APART-}" ] || return 0
  set -m
  APART=1 "$0" "$@"
  exit
}
wrapped() { # wrapped TEXT...: to the terminal's width
  fold -s -w "$(columns)" <<<"$*" | sed 's/ $//'
}
give_up() { # give_up SENTENCE...: on standard error, a line each
  printf '%s\n' "$@" >&2
  exit 1
}
stop_here() { # stop_here SENTENCE...: no fault of anybody, so 0 unless STRICT
  printf '%s\n' "$@"
  [ -z "${STRICT-}" ]
  exit
}
some() { # some NUMBER THING: 1 thing, 2 things
  if [ "$1" = 1 ]; then echo "1 $2"; else echo "$1 $2s"; fi
}
thousands() { awk -v n="$1" 'BEGIN {
  while (n >= 1000) { t = sprintf(",%03d", n % 1000) t; n = int(n / 1000) }
  print n t }'; }

# ---- the chapters

folder_of() { # folder_of NN: chapters/NN-name, or nothing
  local folder
  for folder in chapters/"$1"-*/; do
    [ -e "$folder/files" ] && echo "${folder%/}" && return
  done
}
title_of() { # title_of NN: from the book's contents, else from the folder
  local title
  title=$(awk -v n="$1" '$1 == n { $1 = $2 = ""; sub(/^ */, ""); print }' \
    book/contents 2>/dev/null)
  [ -n "$title" ] || { title=$(folder_of "$1") title=${title#*-}
    title=${title//-/ }; }
  printf '%s' "${title^}"
}
with_exercises() { # the numbers of the chapters that have some
  local list
  for list in chapters/*/exercises; do
    [ -e "$list" ] && list=${list#chapters/} && echo "${list%%-*}"
  done
}
choose_chapter() { # choose_chapter NN: sets number, folder, title; or gives up
  number=$1
  [[ $number =~ ^[0-9]$ ]] && number=0$number
  folder=$(folder_of "$number")
  [ -n "$folder" ] || give_up "There is no chapter $1; these have exercises: \
$(with_exercises | tr '\n' ' ')"
  [ -e "$folder/exercises" ] || give_up "Chapter $number has no exercises yet; \
these have: $(with_exercises | tr '\n' ' ')"
  title=$(title_of "$number")
}
listed() { # listed NN: the files of the chapters up to NN that exist
  local list number
  for list in chapters/*/files; do
    number=${list#chapters/} number=${number%%-*}
    [[ $number > $1 ]] || awk -v n="$number" 'NF { print n, $1 }' "$list"
  done
}

# ---- a chapter's exercises

exercises() { # exercises: ID KIND TITLE, a line each
  awk '/^[0-9]+\.[0-9]+ / { print }' "$folder/exercises"
}
kind_of() { exercises | awk -v id="$1" '$1 == id { print $2 }'; }
sentence_of() {
  exercises | awk -v id="$1" '$1 == id { $1 = $2 = ""; sub(/^ */, "")
    print }'
}
field() { # field ID KEY: what follows the key, a line for each time it stands
  awk -v id="$1" -v key="$2" '
    /^[ \t]*#/ { next }
    /^[0-9]+\.[0-9]+ / { here = $1 == id; next }
    here && $1 == key {
      sub(/^[ \t]*[a-z]+[ \t]*/, ""); sub(/[ \t]+#.*$/, ""); print }
  ' "$folder/exercises"
}
in_work() { # in_work PATH: where a skeleton's file lies in work/
  case $1 in */*) echo "$WORK/$1" ;; *) echo "$WORK/$number/$1" ;; esac
}
reference_of() { # reference_of PATH: what the skeleton stands in for, if any
  case $1 in
    my_test.cpp) echo "$folder/answers/my_test.cpp" ;;
    predict.txt) ;;
    */*) echo "$1" ;;
    *) echo "$folder/$1" ;;
  esac
}
skeletons() { # the paths below exercise/, a line each
  [ -d "$folder/exercise" ] &&
    (cd "$folder/exercise" && find . -type f | sed 's,^\./,,' | sort)
}
mutants() { # the names of the chapter's planted bugs
  local patch
  for patch in "$folder"/mutants/*.patch; do
    [ -e "$patch" ] && patch=${patch##*/} && echo "${patch%.patch}"
  done
}
told() { # told MUTANT KEY: Symptom, Cause or Shown by, on one line
  awk -v key="$2:" '
    /^(---|diff) / { exit }
    index($0, key) == 1 { on = 1; $0 = substr($0, length(key) + 1) }
    /^[A-Z][a-z ]*:/ { on = 0 }
    on && NF { sub(/^ */, ""); text = text (text == "" ? "" : " ") $0 }
    END { print text }' "$folder/mutants/$1.patch"
}

# ---- progress: a line each, `3.2 done DATE`, `3.3 skipped`, `hint 3.2 2`,
# `hunt 3.4 7`, `given PATH`

noted() { # noted WORDS...: the rest of the line that begins with them
  [ -e "$progress" ] && awk -v words="$*" '
    index($0 " ", words " ") == 1 {
      rest = substr($0, length(words) + 2); found = 1 }
    END { if (found) print rest; exit !found }' "$progress"
}
forget() { # forget WORDS...: the lines that begin with them
  [ -e "$progress" ] || return 0
  awk -v words="$*" 'index($0 " ", words " ") != 1' "$progress" \
    >"$progress.new" && mv "$progress.new" "$progress"
}
note() { # note WORDS [REST]: in place of what was noted of these words
  mkdir -p "$WORK"
  forget "$1"
  printf '%s
' "$1${2:+ $2}" >>"$progress"
}
now() { date '+%Y-%m-%d %H:%M'; }
choose_exercise() { # sets id: EX, or the first that is not done or skipped
  local line
  id=${EX-}
  if [ -n "$id" ]; then
    [ -n "$(kind_of "$id")" ] ||
      give_up "Chapter $number has no exercise $id; it has: \
$(exercises | awk '{ printf "%s ", $1 }')"
    return
  fi
  while read -r id line; do
    line=$(noted "$id") || return 0
    [[ $line == done* || $line == skipped* ]] || return 0
  done < <(exercises)
  id=
}
started() {
  local path
  for path in $(skeletons); do
    [ -e "$(in_work "$path")" ] && return
  done
  return 1
}
must_be_started() {
  started || stop_here "Chapter $number is not started yet: make start-$number"
}
coloured_diff() {
  awk -v gone="$red" -v new="$green" -v dim="$dim" -v plain="$plain" '
    /^(---|\+\+\+|@@)/ { print dim $0 plain; next }
    /^-/ { print gone $0 plain; next }
    /^\+/ { print new $0 plain; next }
    { print }'
}
