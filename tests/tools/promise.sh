# What a broken_*.cpp promises to fail in, and whether it does: judged from
# outside. Sourced by prove-exercise and run-chapter.

promise_of() { # promise_of SOURCE
  sed -n 's,^// Promise: ,,p' "$1"
}
keeps() { # keeps PROMISE PROGRAM FILE: FILE gets what it prints; else $kept
  local limit=10 status         # says how it went
  [[ $1 =~ ^does\ not\ end\ within\ ([0-9]+)\ s$ ]] && limit=${BASH_REMATCH[1]}
  { (ulimit -c 0; exec timeout -k 1 "$limit" "$2" </dev/null \
    >"$3" 2>&1); } 2>/dev/null
  status=$?
  kept="status $status: $(tail -n 5 "$3")"
  case $1 in
    'never prints "'*'"')
      local words=${1#*\"}
      [ $status != 124 ] && [ $status != 137 ] && [ -s "$3" ] &&
        ! grep -qF -- "${words%\"}" "$3" ;;
    'dies of SIG'*) [ $status -gt 128 ] &&
      [ "SIG$(kill -l $((status - 128)))" = "${1#dies of }" ] ;;
    'does not end within '*' s') [ $status = 124 ] || [ $status = 137 ] ;;
    *) kept='not a promise that can be judged'; false ;;
  esac
}
