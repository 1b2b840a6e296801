# Runs the tests and the programs of a chapter, in bounds: a reader's code may
# hang, crash and take all memory. Sourced by exercise-build.sh.
exec {never}<> <(:) # nothing ever comes from it: reading it is to wait

# run_tests OUT [FILTER]: leaves OUT/results, `STATUS TEST` a line, and
# OUT/tests.N.log. A test that crashes or hangs does not hide those after it.
run_tests() {
  local out=$1 filter=${2-*} run=0 last
  : >"$out/results"
  rm -f "$out"/tests.*.log
  while [ $run -lt 8 ]; do
    RP_PROGRAMS=$out/programs run_limited "$out/tests.$run.log" "$out/tests" \
      --gtest_filter="$filter" --gtest_color=no 2>/dev/null
    awk -v status=$? -f book/tools/exercise-results.awk \
      "$out/tests.$run.log" >>"$out/results"
    read -r last < <(tail -n 1 "$out/results")
    [[ $last == crashed* || $last == hung* ]] || break
    [[ $filter == *-* ]] || filter+=-
    filter+=:$(cut -d ' ' -f 2 "$out/results" | tr '\n' ':')
    run=$((run + 1))
  done
}
run_limited() { # run_limited LOG COMMAND...: 124 if it says nothing for long
  local log=$1 pid size=0 before=-1 polls=0 _
  shift
  (ulimit -v 8388608 -c 0; exec "$@") </dev/null >"$log" 2>&1 9>&- &
  pid=$!
  while kill -0 $pid 2>/dev/null; do
    read -r -t 0.02 -u "$never" _
    [ $((++polls % 5)) = 0 ] || continue
    size=$(stat -c %s "$log")
    [ "$size" = "$before" ] || polls=0 before=$size
    [ $polls -gt $((${TEST_LIMIT:-8} * 50)) ] || continue
    kill -KILL $pid
    wait $pid 2>/dev/null
    return 124
  done
  wait $pid 2>/dev/null
}
failed_tests() { # failed_tests OUT: less their parameters, each once
  awk '$1 != "passed" && $1 != "skipped" { print $2 }' "$1/results" | plain_name
}
plain_name() { # All/PollerTest.X/epoll is PollerTest.X; each once
  sed -E 's,^[^./]+/([^/]+\.),\1,; s,(\.[^/]+)/.*,\1,' | awk '!seen[$0]++'
}
text_of() { # text_of OUT TEST: what its first failing instance printed
  awk -v test="$2" '
    FNR == 1 && on { exit }
    /^\[ RUN      \] / { name = substr($0, 14); sub(/\r$/, "", name)
      short = name; sub(/^[^.\/]+\//, "", short)
      at = index(short, "."); tail = substr(short, at)
      sub(/\/.*/, "", tail); short = substr(short, 1, at - 1) tail
      on = name == test || short == test; text = ""; lines = 0; next }
    /^\[       OK \] / { on = 0; next }
    on && /^\[  FAILED  \] / { exit }
    on && ++lines <= 99 { text = text substr($0, 1, 2000) "\n" }
    END { if (on) printf "%s", text }' "$1"/tests.*.log
}
run_shown() { # run_shown FOLDER PROGRAM ARG...: its output, and how it ended
  local folder=$1 status
  shift
  { (ulimit -v 8388608 -c 0
    exec timeout -k 1 5 "$folder/$1" "${@:2}" </dev/null 2>&1 9>&-); } 2>/dev/null
  status=$?
  case $status in
    0) ;;
    124 | 137) echo '[still running after 5 s]' ;;
    *) if [ $status -gt 128 ]; then
        echo "[ended by SIG$(kill -l $((status - 128)))]"
      else
        echo "[exit $status]"
      fi ;;
  esac
}
