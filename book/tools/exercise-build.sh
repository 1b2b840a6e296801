# Builds a chapter with some of its files replaced, and runs its tests. Sourced
# after exercise.sh. An overlay is a folder like work/: reactor/x.cpp and x.inl
# stand in for the library's, NN/x.cpp for a program of chapter NN. Only what an
# overlay changes is compiled, the rest is linked from the build.
. book/tools/exercise-run.sh

declare -A chapter_of base_of object_of
wraps=

set_up_chapter() { # reads the lists up to the chapter; the build must be there
  local n file
  chapter_of=() base_of=()
  while read -r n file; do
    [ -e "$file" ] || continue
    chapter_of[$file]=$n
    base_of[$file]=$BUILD/test/${file%.cpp}.o
  done < <(listed "$number")
  for file in "$folder"/*.cpp; do
    base_of[$file]=$BUILD/chapters/$number/$(stem "$file").o
  done
  for file in "$folder"/tests/*_test.cpp; do
    base_of[$file]=$BUILD/chapters/$number/own/$(stem "$file").o
  done
  wraps=$(nm --defined-only $(base_objects tests/support/) 2>/dev/null |
    sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort -u | tr '\n' ' ')
}
alone() { # until we end: two would build in one folder; children close 9
  local base=$BUILD/work/${WORK//\//_}
  command -v flock >/dev/null || return 0
  mkdir -p "$base"
  exec 9>"$base/lock"
  flock -n 9 && return
  echo "${dim}Another make is at work on $WORK/: I wait.$plain" >&2
  flock 9
}
build_reference() { # the chapter as it is printed, by make
  local make_it=("$MAKE" BUILD="$BUILD" CXX="$CXX" "reference-$number")
  alone
  if ! "${make_it[@]}" -q >/dev/null 2>&1; then
    echo "${dim}building chapter $number as it is printed ...${plain}"
    "${make_it[@]}" || give_up \
      'That was the book'\''s own code, none of yours; see above.'
  fi
  set_up_chapter
}

programs() { # the chapter's programs, by name
  local file
  for file in "$folder"/*.cpp; do
    [ -e "$file" ] && file=${file##*/} && echo "${file%.cpp}"
  done
}
own_tests() { # the tests of the chapter's own programs
  local file
  for file in "$folder"/tests/*_test.cpp; do
    [ -e "$file" ] && echo "$file"
  done
}
stem() { local name=${1##*/}; echo "${name%.*}"; }
object() { echo "${object_of[$1]-${base_of[$1]}}"; }
base_objects() { # base_objects PREFIX: of the sources below it
  local file
  for file in "${!chapter_of[@]}"; do
    [[ $file == "$1"*.cpp && $file != *_test.cpp && $file != */launcher/* ]] &&
      object "$file"
  done
}
library_objects() {
  base_objects reactor/; base_objects pool/; base_objects rpc/
}
tests_of_chapter() { # its sources: from its list, and its programs' own
  local file
  for file in "${!chapter_of[@]}"; do
    [[ ${chapter_of[$file]} == "$number" && $file == *_test.cpp ]] &&
      echo "$file"
  done
  own_tests
}

# ---- overlays

replaced_by() { # replaced_by OVERLAY: PATH lines, what it has of this chapter
  local path
  [ -d "$1" ] || return 0
  (cd "$1" && find . -name '*.cpp' -o -name '*.inl') | sed 's,^\./,,' | sort |
    while read -r path; do
      if [[ $path == "$number"/* ]]; then
        [ -e "$folder/${path#*/}" ] && echo "$path"
      elif [ -n "${chapter_of[$path]-}" ]; then
        echo "$path"
      fi
    done
}
source_of() { # source_of PATH: the printed file that it stands in for
  case $1 in "$number"/*) echo "$folder/${1#*/}" ;; *) echo "$1" ;; esac
}
includers() { # includers INL: the chapter's sources that include it
  local file
  for file in "${!chapter_of[@]}" "$folder"/*.cpp $(own_tests); do
    [[ $file == *_test.cpp && ${chapter_of[$file]-$number} != "$number" ]] &&
      continue
    [[ $file == *.cpp ]] &&
      grep -qs "/tree/$1" "${base_of[$file]%.o}.d" &&
      echo "$file"
  done
}
fresh() { # fresh OBJECT: newer than all that it was made from
  local needed
  [ -e "$1" ] && [ -e "${1%.o}.d" ] || return 1
  for needed in $(sed 's/^[^:]*://; s/\\$//' "${1%.o}.d"); do
    [ -e "$needed" ] && ! [ "$needed" -nt "$1" ] || return 1
  done
}
compile() { # compile SOURCE OBJECT OVERLAY TREE [no-pch]; says in OBJECT.said
  local pch=(-include "$PCH")
  fresh "$2" && return
  [ $# -lt 5 ] || pch=()
  mkdir -p "${2%/*}"
  rm -f "$2"
  # shellcheck disable=SC2086
  $CXX $TEST_FLAGS "${pch[@]}" -fmacro-prefix-map="$4/=" -I"$3" \
    -I"$4" -MMD -MP -MF "${2%.o}.d" -c "$1" -o "$2" >"$2.said" 2>&1
}
tree_of() { echo "$BUILD/chapters/${chapter_of[$1]-$number}/tree"; }
compile_for() { # compile_for SOURCE OVERLAY OUT: the overlay's file, or ours
  local in_overlay=$1 from tree no_pch=()
  [[ $1 == "$folder"/* ]] && in_overlay=$number/${1##*/} && no_pch=(no-pch)
  [[ $1 == *_test.cpp ]] && no_pch=()
  tree=$(tree_of "$1") from=$2/$in_overlay
  [ -e "$from" ] || from=$tree/$1
  [ -e "$from" ] || from=$1
  compile "$from" "$3/obj/${in_overlay%.cpp}.o" "$2" "$tree" "${no_pch[@]}"
}

# build_variant OVERLAY OUT: leaves OUT/tests and OUT/programs/*; 1 if
# something does not compile: then OUT/broken holds the compiler's words
build_variant() {
  local overlay=$1 out=$2 path source status=0
  local sources=()
  mkdir -p "$out/programs"
  rm -f "$out/broken" "$out/warned"
  object_of=()
  while read -r path; do
    case $path in
      *.cpp) sources+=("$(source_of "$path")") ;;
      *.inl) mapfile -t -O "${#sources[@]}" sources < <(includers "$path") ;;
    esac
  done < <(replaced_by "$overlay")
  mapfile -t sources < <(printf '%s\n' "${sources[@]}" | grep . | sort -u)
  compile_all || return 1
  link_variant "$out" 2>"$out/link.said" || {
    cp "$out/link.said" "$out/broken"
    return 1
  }
}
compile_all() { # of build_variant's sources; two or more at a time
  local source object
  for source in "${sources[@]}"; do
    while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-$(nproc)}" ]; do wait -n; done
    compile_for "$source" "$overlay" "$out" &
  done
  wait
  for source in "${sources[@]}"; do
    path=$source
    [[ $source == "$folder"/* ]] && path=$number/${source##*/}
    object=$out/obj/${path%.cpp}.o
    object_of[$source]=$object
    if [ ! -e "$object" ]; then
      cat "$object.said" >>"$out/broken"
      status=1
    elif [ -s "$object.said" ]; then
      cat "$object.said" >>"$out/warned"
    fi
  done
  return $status
}
link_with() { # link_with OUTPUT OBJECT...: with the chapter's library
  local libexec=${1%/*}/../libexec
  # where the program looks for what it starts its children with
  [ -z "${chapter_of[reactor/launcher/launcher.cpp]-}" ] ||
    { mkdir -p "$libexec" &&
      ln -sfr "$BUILD/libexec/rp_launcher" "$libexec/rp_launcher"; }
  # shellcheck disable=SC2086
  $CXX $TEST_LINK "${@:2}" $(library_objects) -o "$1"
}
link_tests() { # link_tests OUTPUT OBJECT...: with GoogleTest and the support
  # shellcheck disable=SC2086
  link_with "$@" $(base_objects tests/support/) $wraps -lgtest -lgtest_main
}
link_variant() { # link_variant OUT: with what is in object_of
  local objects=() source program
  rm -f "$1/tests" "$1"/programs/*
  while read -r source; do
    objects+=("$(object "$source")")
  done < <(tests_of_chapter | sort)
  [ ${#objects[@]} = 0 ] || link_tests "$1/tests" "${objects[@]}" || return
  [ -z "$(own_tests)" ] || for program in $(programs); do
    link_program "$1" "$program" || return
  done
}
simulation_for() { # simulation_for SOURCE: the seeded network, if it runs in it
  local objects
  grep -qs '"tests/support/sim_' "$1" || return 0
  objects=$(base_objects tests/support/sim_; base_objects tests/support/faults)
  echo "$objects"
  # shellcheck disable=SC2086
  nm --defined-only $objects | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort -u
}
link_program() { # link_program OUT NAME: the reference's, if nothing differs
  local to=$1/programs/$2
  if [ ${#object_of[@]} = 0 ]; then
    ln -sfr "$BUILD/chapters/$number/$2" "$to"
  else
    # shellcheck disable=SC2046
    link_with "$to" "$(object "$folder/$2.cpp")" \
      $(simulation_for "$folder/$2.cpp")
  fi
}

# ---- planted bugs

plant() { # plant MUTANT OUT: OUT/overlay with the patched files; 1 if it fails
  local patch=$folder/mutants/$1.patch file target
  command -v patch >/dev/null ||
    { echo 'It takes patch: sudo apt-get install -y patch'; return 1; }
  rm -rf "$2/new" "$2/plain" && mkdir -p "$2/new" "$2/plain"
  for file in $(sed -n 's,^--- a/\([^ \t]*\).*,\1,p' "$patch"); do
    [ -e "$file" ] || { echo "$patch: there is no $file"; return 1; }
    mkdir -p "$2/plain/${file%/*}" && cp "$file" "$2/plain/$file"
  done
  patch -s -p1 -F0 --no-backup-if-mismatch -d "$2/plain" <"$patch" || return
  while read -r file; do
    target=$file
    [[ $file == "$folder"/* ]] && target=$number/${file##*/}
    mkdir -p "$2/new/${target%/*}"
    mv "$2/plain/$file" "$2/new/$target"
  done < <(cd "$2/plain" && find . -type f | sed 's,^\./,,')
  # as it was, with its objects, if it is the same
  diff -rq "$2/new" "$2/overlay" >/dev/null 2>&1 ||
    { rm -rf "$2/overlay" "$2/obj" && mv "$2/new" "$2/overlay"; }
  rm -rf "$2/plain" "$2/new"
}
planted() { # planted MUTANT: builds it once; prints its folder
  local out=$BUILD/mutants/$number/$1 patch=$folder/mutants/$1.patch file
  if [ -e "$out/built" ] && [ "$out/built" -nt "$patch" ] &&
    [ -z "$(find reactor pool rpc tests chapters/*/files "$folder" \
      -newer "$out/built" -type f -print -quit)" ]; then
    echo "$out" && return
  fi
  mkdir -p "$out"
  plant "$1" "$out" >&2 && build_variant "$out/overlay" "$out" || {
    cat "$out/broken" >&2 2>/dev/null
    return 1
  }
  touch "$out/built"
  echo "$out"
}
adopt() { # adopt OUT: its objects in place of the build's
  local object path
  while read -r object; do
    path=${object#"$1/obj/"} path=${path%.o}.cpp
    object_of[$(source_of "$path")]=$object
  done < <(find "$1/obj" -name '*.o')
}
