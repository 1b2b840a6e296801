# Judges the exercises of a chapter on what lies in work/. Sourced after
# exercise-build.sh. Each judge returns 0 for green; else it leaves in $why what
# a reader is told, as lines KEY<tab>TEXT (see exercise-words.awk).

why=
tell() { why+=$1$'\t'$2$'\n'; }

# ---- predict

answer_of() { # answer_of ID: the lines that a prediction must have
  local line
  read -ra line < <(field "$1" program)
  run_shown "$BUILD/chapters/$number" "${line[@]}" | trace_columns "$1"
}
trace_columns() { # of lines that are a tick trace, only those that are asked
  awk -v columns="$(field "$1" columns)" '
    BEGIN { n = split(columns, want, " ") }
    { gsub(/[ \t]+/, " "); sub(/^ /, ""); sub(/ $/, "") }
    n && NF == 7 && $1 ~ /^[0-9]+$/ {
      line = $want[1]
      for (i = 2; i <= n; i++) line = line " " $want[i]
      $0 = line }
    NF { print }'
}
prediction() { # what the reader wrote, less remarks and empty lines
  grep -v '^[[:space:]]*#' "$WORK/$number/predict.txt" 2>/dev/null |
    awk '{ gsub(/[ \t\r]+/, " "); sub(/^ /, ""); sub(/ $/, "") } NF'
}
# After the lines that are right. The line itself is told to whom has thought of
# it twice.
how_it_goes_on() { # how_it_goes_on ID
  local before
  if [ $line = ${#yours[@]} ]; then
    echo ', and more are to come.'
  elif [ $line = ${#right[@]} ]; then
    printf '; then comes one too many:\nwrote\t%s' "${yours[line]}"
  elif [[ ${yours[line]} == *'?'* && ${right[line]-} != *'?'* ]]; then
    printf '; the next one is still open:\nwrote\t%s' "${yours[line]}"
  else
    before=$(noted "tried $1")
    printf '; the next one differs:\nwrote\t%s' "${yours[line]}"
    if [[ $before == "$line "* && $before != "$line ${yours[line]}" ]] ||
      [[ $before == "$line told" ]]; then
      printf '\nprints\t%s' "${right[line]-(nothing more)}"
      note "tried $1" "$line told"
    else
      note "tried $1" "$line ${yours[line]}"
    fi
  fi
}
judge_predict() { # judge_predict ID
  local file=$WORK/$number/predict.txt line=0 yours right said
  mapfile -t right < <(answer_of "$1")
  mapfile -t yours < <(prediction | trace_columns "$1")
  if [ ! -e "$file" ]; then
    tell said "$file is missing: make start-$number puts it back."
    return 1
  fi
  if [ ${#yours[@]} = 0 ]; then
    tell said "Nothing is predicted yet."
    tell edit "$file"
    return 1
  fi
  while [ $line -lt ${#right[@]} ] || [ $line -lt ${#yours[@]} ]; do
    if [ "${right[line]-}" != "${yours[line]-}" ]; then
      tell said "$line of ${#right[@]} lines right$(how_it_goes_on "$1")"
      tell edit "$file"
      return 1
    fi
    line=$((line + 1))
  done
}

# ---- build

holes_of() { # holes_of ID: FILE:LINE of those still marked, else its files
  local path files=()
  for path in $(field "$1" file); do
    files+=("$(in_work "${path#"$number"/}")")
  done
  grep -n "Exercise $1\b" /dev/null "${files[@]}" 2>/dev/null |
    cut -d : -f 1,2 | grep . || printf '%s\n' "${files[@]}"
}
listed_tests() { # the tests of all build exercises, less their parameters
  local id rest
  exercises | while read -r id rest; do field "$id" test; done | plain_name
}
judge_build() { # judge_build ID OUT: after the tests have run there
  local path to first
  for path in $(field "$1" file); do
    to=$(in_work "${path#"$number"/}")
    [ -e "$to" ] && continue
    tell said "$to is missing: make start-$number puts the skeleton there."
    return 1
  done
  if [ -e "$2/broken" ]; then
    tell_first_error "$2/broken"
    return 1
  fi
  first=$(field "$1" test | red_ones "$2" | head -n 1)
  [ -n "$first" ] || return 0
  red_test=$first
  tell_failure "$2" "$first"
  while read -r path; do tell edit "$path"; done < <(holes_of "$1")
  return 1
}
red_ones() { # red_ones OUT: of the tests it reads, with a parameter or for all
  grep -xF -f <(failed_tests "$1"
    awk '$1 != "passed" && $1 != "skipped" { print $2 }' "$1/results")
}
tell_failure() { # tell_failure OUT TEST
  local status words
  tell test "$(sentence "$(plain_name <<<"$2")")"
  status=$(awk -v t="$2" '$1 != "passed" && $2 ~ t { print $1; exit }' \
    "$1/results")
  words=$(text_of "$1" "$2" | awk -f book/tools/exercise-words.awk)
  case $status in
    hung) tell said 'It does not end: something waits, or goes round, for ever.' ;;
    crashed) tell said 'The program ended in the middle of this test.' ;;
  esac
  why+=${words:+$words$'\n'}
}
# As words: TimerQueue.FiresTiesInOrder. A number is a word of its own, but for
# those of names, Utf8; MiB is one, too.
sentence() { # sentence TEST
  sed -E 's/([a-z])([0-9])/\1 \2/g; s/IPv/Ipv/g
    s/(Utf|Ipv|Http|Sha|Base) ([0-9])/\1\2/g; s/([KMG]i)B/\1B /g
    s/([a-z0-9])([A-Z])/\1 \2/g
    s/([A-Z])([A-Z][a-z])/\1 \2/g; s/([KMG]i) B/\1B/g' <<<"$1" | awk '{
      n = split($0, part, ".")
      for (i = 1; i <= n; i++) {
        m = split(part[i], word, " "); text = ""
        for (j = 1; j <= m; j++) {
          if (word[j] !~ /^([A-Z][A-Z0-9]+|[KMG]iB)$/) word[j] = tolower(word[j])
          text = text (j > 1 ? " " : "") word[j] }
        part[i] = toupper(substr(text, 1, 1)) substr(text, 2)
      }
      print part[1] (n > 1 ? ": " tolower(substr(part[2], 1, 1)) \
        substr(part[2], 2) : "") }'
}
tell_first_error() { # of what the compiler or the linker said
  local error path
  error=$(grep -m 1 -E 'error: |undefined reference|multiple definition' "$1")
  [ -n "$error" ] || error=$(tail -n 1 "$1")
  [ -n "$error" ] || error='(nothing: it was stopped. Once more, please.)'
  path=${error%%:*} path=${path#"$WORK"/}
  if [[ -n ${chapter_of[$path]-} && ${chapter_of[$path]} < $number ]]; then
    tell elsewhere "A file of chapter $((10#${chapter_of[$path]})) does not \
compile, see make exercise-${chapter_of[$path]}:"
  else
    tell said 'It does not compile yet. The first thing the compiler says:'
  fi
  tell code "$error"
  grep -F -A 2 -m 1 "$error" "$1" | sed -n '2,3{/^ .*|/p}' >"$1.lines"
  while IFS= read -r error; do tell code "$error"; done <"$1.lines"
  rm "$1.lines"
}
broken_before() { # tests of the chapter that fail, and belong to no exercise
  [ -e "$1/broken" ] || failed_tests "$1" | grep -vxF -f <(listed_tests)
}

# The red test again with the book's files in place of earlier chapters': of
# all at once, then of one at a time. A test that is red by chance is green by
# chance, so it is asked three times; and it is no fault of earlier chapters if
# this chapter's files of the book make it green, too.
fault_before() { # fault_before OUT TEST: prints the numbers at fault, if any
  local earlier=() path chapter
  while read -r path; do
    chapter=${chapter_of[$path]-$number}
    [ "$chapter" = "$number" ] || cmp -s "$WORK/$path" "$path" ||
      earlier+=("$chapter")
  done < <(replaced_by "$WORK")
  [ ${#earlier[@]} != 0 ] || return
  mapfile -t earlier < <(printf '%s\n' "${earlier[@]}" | sort -u)
  green_without "$1" "$2" "${earlier[@]}" || return
  ! green_without "$1" "$2" "$number" || return
  for chapter in "${earlier[@]}"; do
    green_without "$1" "$2" "$chapter" && echo "$chapter" && return
  done
  echo "${earlier[*]}"
}
green_without() { # green_without OUT TEST NN...: the book's files for these
  local out=$1/without path _
  rm -rf "$out" && mkdir -p "$out/overlay"
  [ ! -d "$1/obj" ] || cp -rp "$1/obj/." "$out/obj"
  while read -r path; do
    if [[ " ${*:3} " == *" ${chapter_of[$path]-$number} "* ]]; then
      # what was compiled with the reader's template is compiled again
      [[ $path != *.inl ]] || rm -rf "$out/obj"
      continue
    fi
    mkdir -p "$out/overlay/${path%/*}"
    ln -sr "$WORK/$path" "$out/overlay/$path"
  done < <(replaced_by "$WORK")
  build_variant "$out/overlay" "$out" || return
  for _ in 1 2 3; do
    run_tests "$out" "$2:*/$2/*:$2/*"
    [ -s "$out/results" ] && [ -z "$(failed_tests "$out")" ] || return
  done
}

# ---- hunt

judge_hunt() { # judge_hunt ID
  [[ $(noted "$1") == done* ]] && return
  tell said "A bug is planted. make hunt-$number tells its symptom; answer with"
  tell said "make hunt-$number AT=FILE:LINE"
  return 1
}

# ---- prove

proof_object() { echo "$2/${1//\//_}.o"; }
build_proof() { # build_proof TEST OUT: else OUT/broken says why
  local object
  object=$(proof_object "$1" "$2")
  rm -f "$2/broken"
  compile "$1" "$object" "$2" "$BUILD/chapters/$number/tree" && return
  cp "$object.said" "$2/broken"
  return 1
}
run_proof() { # run_proof TEST OUT MUTANT|'': leaves results in OUT/NAME
  local out=$2/${3:-healthy} planted file object
  object=$(proof_object "$1" "$2")
  rm -rf "$out" && mkdir -p "$out"
  object_of=()
  if [ -n "$3" ]; then
    planted=$(planted "$3") || return
    adopt "$planted"
    ln -sr "$planted/programs" "$out/programs"
    if [ -n "$(find "$planted/overlay" -name '*.inl')" ]; then
      # the bug is in a template: the test is compiled with it
      object=$out/my_test.o
      compile "$1" "$object" "$planted/overlay" \
        "$BUILD/chapters/$number/tree" || return
    fi
  else
    mkdir "$out/programs"
    for file in $(programs); do
      ln -sr "$BUILD/chapters/$number/$file" "$out/programs/$file"
    done
  fi
  link_tests "$out/tests" "$object" || return
  run_tests "$out"
}
# A test may be red by chance, on the healthy code too: 20 runs more. A race is
# lost more often in a process that is warm, so each process runs it five times.
steady_proof() { # steady_proof OUT
  local until=$((SECONDS + 15)) process
  for ((process = 0; process < 4 && SECONDS < until; process++)); do
    GTEST_REPEAT=5 run_tests "$1"
    [ -z "$(failed_tests "$1")" ] || return
  done
}
judge_prove() { # judge_prove ID OUT [TEST]
  local file=${3-$WORK/$number/my_test.cpp} out=$2/prove mutant first
  mutant=$(field "$1" mutant)
  mkdir -p "$out"
  if [ ! -e "$file" ]; then
    tell said "$file is missing: make start-$number puts one there."
    return 1
  fi
  if ! build_proof "$file" "$out"; then
    tell_first_error "$out/broken"
    return 1
  fi
  run_proof "$file" "$out" '' || return
  first=$(failed_tests "$out/healthy" | head -n 1)
  if [ ! -s "$out/healthy/results" ]; then
    tell said 'There is no test in it yet.'
  elif [ -n "$first" ]; then
    tell said "It must pass on the book's code, which is right; it does not:"
    tell_failure "$out/healthy" "$first"
  else
    run_proof "$file" "$out" "$mutant" || return
    if [ -z "$(failed_tests "$out/$mutant")" ]; then
      tell said 'It passes with the bug planted, too: it does not see it yet.'
      tell said "The bug's symptom: $(told "$mutant" Symptom)"
    else
      steady_proof "$out/healthy" && return
      tell said "Your test fails now and then on the book's code, which is \
right: it passed once, and failed within 20 runs more:"
      tell_failure "$out/healthy" "$(failed_tests "$out/healthy" | head -n 1)"
    fi
  fi
  tell edit "$file"
  return 1
}
