# One Makefile, no recursion. `make help` explains the targets.
#
# The library is compiled twice: hardened, for the programs, into BUILD/lib;
# and without _FORTIFY_SOURCE, for the tests and the chapters, into BUILD/test,
# because fortified calls bypass the linker's --wrap. The second time each file
# sees only the tree of its chapter (BUILD/chapters/NN/tree), which holds links
# to the files of the chapters' lists 01 ... NN and to nothing else.

ifeq ($(origin CXX),default)
  CXX := g++
endif
BUILD ?= build
OPT ?= $(if $(SANITIZE),-O0,-O2)
TEST_OPT ?= -O0
TEST_DEBUG ?= -g1
# where make run listens
RPC_PORT ?= 7000
HTTP_PORT ?= 7080
# SANITIZE=address,undefined or SANITIZE=thread
SANITIZE ?=
# STACK_TRACE=0 leaves out where exceptions were thrown; with a BUILD of its own
STACK_TRACE ?= 1
# V=1 shows whole commands
V ?=

CLANGXX ?= $(or $(shell command -v clang++-14),clang++)
CLANG_TIDY ?= $(or $(shell command -v clang-tidy-14),clang-tidy)
CLANG_FORMAT ?= $(or $(shell command -v clang-format-14),clang-format)
CORES := $(shell nproc)

ifeq ($(MAKELEVEL),0)
  ifeq ($(filter -j%,$(MAKEFLAGS)),)
    MAKEFLAGS += -j$(CORES)
  endif
endif
MAKEFLAGS += --no-builtin-rules --no-print-directory
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $1 $2)
comma := ,
.DELETE_ON_ERROR:
.SECONDARY:

# ---- flags

IS_CLANG := $(findstring clang,$(shell $(CXX) --version 2>/dev/null))
# Under a sanitizer g++ warns of what is not there; the plain builds judge.
WARN := $(if $(IS_CLANG),-Wthread-safety,$(if $(SANITIZE),-w)) \
  -Wall -Wextra -Wconversion -Wshadow -Werror
# Null pointers AddressSanitizer sees too; these three cost 28 % of the build.
NOT_SANITIZED := -fno-sanitize=null,alignment,vptr
SANITIZERS := $(if $(SANITIZE),-fsanitize=$(SANITIZE) \
  $(if $(findstring undefined,$(SANITIZE)),$(NOT_SANITIZED)) \
  -fno-sanitize-recover=all -fno-omit-frame-pointer)
FORTIFY := -U_FORTIFY_SOURCE \
  $(if $(SANITIZE)$(filter -O0,$(OPT)),,-D_FORTIFY_SOURCE=3)
BASE := -std=c++20 $(WARN) -pthread -fPIE -fstack-protector-strong \
  $(if $(filter 0,$(STACK_TRACE)),-DRP_NO_STACK_TRACE) $(SANITIZERS) $(CXXFLAGS)
LIB_FLAGS := $(BASE) $(OPT) -g1 $(FORTIFY)
TEST_FLAGS := $(BASE) $(TEST_OPT) $(TEST_DEBUG) -U_FORTIFY_SOURCE
# lld links in a third of the time, and gold in half, if one is there.
LINKER := $(firstword $(foreach l,lld gold,$(if \
  $(shell command -v ld.$l),-fuse-ld=$l)))
# The tests' operator new before that which clang's ThreadSanitizer brings.
OURS_FIRST := $(if $(and $(IS_CLANG),$(findstring thread,$(SANITIZE))),\
  -Wl$(comma)-z$(comma)muldefs)
LINK := -pthread -pie -Wl,-z,relro,-z,now $(LINKER) $(OURS_FIRST) \
  $(SANITIZERS) $(LDFLAGS)
DEPS = -MMD -MP -MF $(@:.o=.d)
PCH_KIND := $(if $(IS_CLANG),pch,gch)
PCH_FLAGS := $(if $(IS_CLANG),-fpch-instantiate-templates)

# ---- sources

LIB_DIRS := reactor pool rpc rpc/wire
LIB_SRC := $(wildcard $(addsuffix /*.cpp,$(LIB_DIRS)))
LAUNCHER_SRC := reactor/launcher/launcher.cpp
EXAMPLE_SRC := $(wildcard examples/*.cpp)
EXAMPLE_MAIN := $(if $(EXAMPLE_SRC),$(shell grep -l '^int main' $(EXAMPLE_SRC)))
EXAMPLE_PARTS := $(filter-out $(EXAMPLE_MAIN),$(EXAMPLE_SRC))
BENCH_SRC := $(wildcard tests/bench/*.cpp)
BENCH_MAIN := $(if $(BENCH_SRC),$(shell grep -l '^int main' $(BENCH_SRC)))
BENCH_PARTS := $(filter-out $(BENCH_MAIN),$(BENCH_SRC))
SUPPORT_SRC := $(filter-out %_test.cpp,$(wildcard tests/support/*.cpp))
# What starts no thread has nothing to show to ThreadSanitizer.
THREADED := <thread>|"(pool|examples)/|mailbox|mutex|in_pool|in_process|_log\.h|$\
  transports|conformance|load\.h|process_workers|status
TEST_SRC := $(sort $(shell find tests -name '*_test.cpp' | xargs \
  $(if $(findstring thread,$(SANITIZE)),grep -lE '$(THREADED)',echo)))
# the seeded network, which programs run in, too; it needs no GoogleTest
SIM_SRC := $(filter tests/support/sim_% tests/support/faults.cpp,$(SUPPORT_SRC))
FORMATTED = $(shell find reactor pool rpc chapters examples tests \
  -name '*.h' -o -name '*.cpp' -o -name '*.inl')

# Under a sanitizer the programs do with the tests' objects.
lib_obj = $(patsubst %.cpp,$(BUILD)/$(if $(SANITIZE),test,lib)/%.o,$1)
test_obj = $(patsubst %.cpp,$(BUILD)/test/%.o,$1)
EXAMPLES := $(EXAMPLE_MAIN:%.cpp=$(BUILD)/%)
BENCH_SUPPORT := tests/support/allocations.cpp
BENCHES := $(BENCH_MAIN:tests/%.cpp=$(BUILD)/%)
LIB := $(BUILD)/librp.a
ALL_TESTS := $(BUILD)/tests/all_tests
# Under a sanitizer eight test files are compiled as one, in half the time; but
# not those that look for the names of their own functions in a stack trace.
TOGETHER := 8
ALONE := $(if $(SANITIZE),$(shell grep -l '::.anonymous' $(TEST_SRC)),$(TEST_SRC))
JOINED := $(filter-out $(ALONE),$(TEST_SRC))
GROUPS := $(if $(JOINED),$(shell seq 1 $(TOGETHER) $(words $(JOINED))))
group = $(wordlist $1,$(shell expr $1 + $(TOGETHER) - 1),$(JOINED))
GROUP_OBJ := $(GROUPS:%=$(BUILD)/test/from_%.o)
TEST_OBJ := $(call test_obj,$(LIB_SRC) $(EXAMPLE_PARTS) $(SUPPORT_SRC) $(ALONE)) \
  $(GROUP_OBJ)

HAVE_GTEST := $(shell printf '\#if __has_include(<gtest/gtest.h>)\nyes\n\#endif' \
  | $(CXX) -E -P -x c++ - 2>/dev/null)

# ---- what a person types

EVERYTHING := $(LIB) $(EXAMPLES) chapter-programs \
  $(if $(HAVE_GTEST),$(ALL_TESTS))

.PHONY: all
all: $(EVERYTHING) ## build everything (the default)
	$(if $(HAVE_GTEST),,@echo 'The tests are left out: GoogleTest is \
	missing (make test installs it).')

.PHONY: run
run: $(EXAMPLES) ## build and start the server; see http://127.0.0.1:7080
	@exec $(BUILD)/examples/rpc_server --tcp 127.0.0.1:$(RPC_PORT) \
	  --unix $(BUILD)/rpc.sock --http 127.0.0.1:$(HTTP_PORT)

.PHONY: test
test: lists $(ALL_TESTS) $(EXAMPLES) ## build and run all tests
	@failed=0; tests/style/run || failed=1; \
	$(run_tests) || failed=1; \
	tests/tools/check-sentences tests/sentences \
	  $(BUILD)/log/tests.results || failed=1; exit $$failed

run_tests = RP_BUILD=$(BUILD) tests/tools/run-tests $(ALL_TESTS) $(BUILD)/log
.PHONY: run-tests lists
run-tests: $(ALL_TESTS) $(EXAMPLES)
	@$(run_tests)

lists:
	@tests/tools/check-lists

.PHONY: style
style:
	@tests/style/run

.PHONY: check
check: ## run everything CI runs: compilers, sanitizers, chapters, ...
	@MAKE='$(MAKE)' CLANGXX='$(CLANGXX)' BUILD='$(BUILD)' tests/tools/check

.PHONY: asan tsan clang
# clang builds these in half the time that g++ takes (SANITIZER_CXX=g++ does it)
SANITIZER_CXX ?= $(CLANGXX)
asan: ## run the tests under AddressSanitizer and UBSan
	@$(MAKE) CXX='$(SANITIZER_CXX)' BUILD=$(BUILD)/asan \
	  SANITIZE=address,undefined run-tests

tsan: ## run the tests under ThreadSanitizer
	@$(MAKE) CXX='$(SANITIZER_CXX)' BUILD=$(BUILD)/tsan SANITIZE=thread run-tests

clang: ## build everything with clang and run the tests
	@$(MAKE) BUILD=$(BUILD)/clang CXX=$(CLANGXX) all run-tests

.PHONY: bench bench-programs
bench-programs: $(BENCHES)
bench: bench-programs ## measure: ratios to a bare epoll loop
	@for b in $(BENCHES); do echo "$$b"; $$b || exit 1; done

.PHONY: tidy tidy-library
tidied = $(patsubst %,$(BUILD)/tidy/%.ok,$1)
tidy-library: $(call tidied,$(LIB_SRC) $(LAUNCHER_SRC))
tidy: tidy-library $(call tidied,$(EXAMPLE_SRC)) ## run clang-tidy (DEEP=1: slower, looks further)

.PHONY: format format-check
format: ## format all sources in place
	@$(CLANG_FORMAT) -i $(FORMATTED)

format-check: ## say which sources are not formatted
	@$(CLANG_FORMAT) --dry-run -Werror $(FORMATTED)

.PHONY: compile-commands
compile-commands: ## write compile_commands.json for editors
	@tests/tools/compile-commands '$(CXX) -I. $(LIB_FLAGS)' \
	  $(LIB_SRC) $(LAUNCHER_SRC) $(EXAMPLE_SRC) $(BENCH_SRC) $(SUPPORT_SRC) \
	  $(TEST_SRC) \
	  $(wildcard chapters/*/*.cpp) >compile_commands.json

.PHONY: clean
clean: ## remove all that was built
	rm -rf build $(BUILD) compile_commands.json

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## / { \
	  sub(/%/, "NN", $$1); printf "make %-18s %s\n", $$1, $$2 }' \
	  $(firstword $(MAKEFILE_LIST))

# ---- the hardened library and its programs

$(LIB): $(call lib_obj,$(LIB_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && ar rcs $@ $^

# The standard library's headers, parsed once: two thirds of the time without.
STD := algorithm atomic chrono cstdint cstring functional map memory mutex \
  optional span stop_token string string_view system_error thread utility \
  variant vector
LIB_PCH := $(BUILD)/lib/std_pch.h
$(LIB_PCH).$(PCH_KIND):
	$(call say,PCH,$@)
	$(Q)mkdir -p $(@D) && printf '#include <%s>\n' $(STD) >$(LIB_PCH)
	$(Q)$(CXX) $(LIB_FLAGS) $(PCH_FLAGS) -x c++-header $(LIB_PCH) -o $@

$(BUILD)/lib/%.o: %.cpp | $(LIB_PCH).$(PCH_KIND)
	$(call say,CXX,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(LIB_FLAGS) -include $(LIB_PCH) -I. $(DEPS) -c $< -o $@

# The assembler takes these in, which no compiler tells.
$(call lib_obj,examples/dashboard_files.cpp) \
  $(call test_obj,examples/dashboard_files.cpp): $(wildcard examples/dashboard/*)
$(call lib_obj,examples/upload_page.cpp) \
  $(call test_obj,examples/upload_page.cpp): $(wildcard examples/upload_page/*)
$(call lib_obj,examples/chat_page.cpp) \
  $(call test_obj,examples/chat_page.cpp): $(wildcard examples/chat_page/*)

$(BUILD)/examples/%: $(BUILD)/lib/examples/%.o \
    $(call lib_obj,$(EXAMPLE_PARTS)) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(LINK) $^ -o $@

$(BUILD)/bench/%: $(BUILD)/lib/tests/bench/%.o \
    $(call lib_obj,$(BENCH_PARTS) $(BENCH_SUPPORT)) $(LIB)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(LINK) $^ -o $@

# ---- the launcher of child processes

# A program finds it beside itself or in ../libexec, so it lies in two places.
# It is on the way to each child: no sanitizer, and no library but C's.
LAUNCHER := $(BUILD)/libexec/rp_launcher
CHAPTER_LAUNCHER := $(BUILD)/chapters/libexec/rp_launcher

$(LAUNCHER): $(LAUNCHER_SRC)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(filter-out $(SANITIZERS),$(LIB_FLAGS) $(LINK)) \
	  -Wl,--as-needed $< -o $@

$(CHAPTER_LAUNCHER): $(LAUNCHER)
	$(Q)mkdir -p $(@D) && cp $< $@

$(EXAMPLES) $(BENCHES) $(ALL_TESTS): | $(LAUNCHER)

# ---- the tests

# GoogleTest's header, parsed once: it brings most of the standard library's,
# so all that goes into the tests is compiled faster after it.
PCH := $(BUILD)/test/gtest_pch.h
PCH_BINARY := $(PCH).$(PCH_KIND)
$(PCH_BINARY):
	$(call say,PCH,$@)
	$(Q)mkdir -p $(@D) && echo '#include <gtest/gtest.h>' >$(PCH)
	$(Q)$(CXX) $(TEST_FLAGS) $(PCH_FLAGS) -x c++-header $(PCH) -o $@

$(BUILD)/gtest.ok:
	@CXX='$(CXX)' tests/tools/need-gtest
	$(Q)mkdir -p $(@D) && touch $@

# The tree a file is compiled in: its chapter's, or the whole if no list has it.
root = $(or $(ROOT_$1),.)

$(BUILD)/test/%.o: %.cpp
	$(call say,CXX,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(TEST_FLAGS) $(if $(HAVE_GTEST),-include $(PCH)) \
	  -fmacro-prefix-map=$(call root,$<)/= -I$(call root,$<) $(DEPS) \
	  -c $(call root,$<)/$< -o $@

# changes when a test file is added, for then the groups are others
$(BUILD)/joined/files: force
	$(Q)mkdir -p $(@D)
	$(Q)echo $(JOINED) | cmp -s - $@ || echo $(JOINED) >$@
.PHONY: force

define joined
$(BUILD)/joined/from_$1.cpp: $(call group,$1) $(BUILD)/joined/files
	$(Q)tests/tools/join-tests $$(filter %.cpp,$$^) >$$@
endef
$(foreach g,$(GROUPS),$(eval $(call joined,$g)))

$(BUILD)/test/from_%.o: $(BUILD)/joined/from_%.cpp
	$(call say,CXX,$@)
	$(Q)$(CXX) $(TEST_FLAGS) -include $(PCH) -I. $(DEPS) -c $< -o $@

$(TEST_OBJ): | $(if $(HAVE_GTEST),$(PCH_BINARY))
$(call test_obj,$(filter-out $(SIM_SRC),$(SUPPORT_SRC) $(TEST_SRC))) \
  $(GROUP_OBJ): | $(BUILD)/gtest.ok

# --wrap for each __wrap_NAME that the given objects define.
wraps = $$(nm --defined-only $1 2>/dev/null \
  | sed -n 's/.* T __wrap_/-Wl,--wrap=/p' | sort -u)

$(ALL_TESTS): $(TEST_OBJ)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CXX) $(LINK) $^ $(call wraps,$(filter $(BUILD)/test/tests/support/%,$^)) \
	  -lgtest -lgtest_main -o $@

# ---- the book

.PHONY: book transcripts
book: ## set the book: build/book/html/index.html and a PDF
	@MAKE='$(MAKE)' book/tools/press $(if $(DRAFT),--draft --no-pdf)

PAGES = README.md $(wildcard tests/examples/*.md) $(filter-out \
  %.outline.md,$(wildcard book/*.md chapters/*/*.md))
transcripts: $(EXAMPLES) chapter-programs ## run the transcripts of all pages and compare
	@tests/tools/check-transcripts $(PAGES)

# ---- the chapters

CHAPTERS :=
SO_FAR :=
in_lib = $(filter $(addsuffix /%,$(LIB_DIRS)),$(filter-out $(LAUNCHER_SRC),$1))

# $1 number, $2 folder
define chapter
CHAPTERS += $1
FILES_$1 := $$(wildcard $$(shell cat $2/files))
SO_FAR := $$(SO_FAR) $$(FILES_$1)
CPP_$1 := $$(filter %.cpp,$$(FILES_$1))
PROGRAMS_$1 := $$(patsubst $2/%.cpp,$$(BUILD)/chapters/$1/%,$$(wildcard $2/*.cpp))
LIB_OBJ_$1 := $$(call test_obj,$$(call in_lib,$$(filter %.cpp,$$(SO_FAR))))
SUPPORT_OBJ_$1 := $$(call test_obj,$$(filter tests/support/%.cpp,$$(SO_FAR)))
SIM_OBJ_$1 := $$(call test_obj,$$(filter $$(SIM_SRC),$$(SO_FAR)))
SIMULATE_$1 := $$(patsubst $2/%.cpp,$$(BUILD)/chapters/$1/%,\
  $$(shell grep -ls '"tests/support/sim_' $2/*.cpp))
TEST_OBJ_$1 := $$(call test_obj,$$(filter %_test.cpp,$$(FILES_$1)))
OWN_OBJ_$1 := $$(patsubst $2/tests/%.cpp,$$(BUILD)/chapters/$1/own/%.o,\
  $$(wildcard $2/tests/*_test.cpp))
$$(foreach f,$$(CPP_$1),$$(eval ROOT_$$f := $(BUILD)/chapters/$1/tree))
$$(call test_obj,$$(CPP_$1)): $2/files | $(BUILD)/chapters/$1/tree.ok

$(BUILD)/chapters/$1/tree.ok: $$(wildcard chapters/*/files)
	@tests/tools/chapter-tree $1 $$(@D)/tree
	@touch $$@

$(BUILD)/chapters/$1/%.o: $2/%.cpp | $(BUILD)/chapters/$1/tree.ok
	$$(call say,CXX,$$@)
	$(Q)$(CXX) $(TEST_FLAGS) -I$$(@D)/tree $$(DEPS) -c $$< -o $$@

$(BUILD)/chapters/$1/own/%.o: $2/tests/%.cpp \
    | $(BUILD)/chapters/$1/tree.ok $(PCH_BINARY) $(BUILD)/gtest.ok
	$$(call say,CXX,$$@)
	$(Q)mkdir -p $$(@D)
	$(Q)$(CXX) $(TEST_FLAGS) -include $(PCH) -I$(BUILD)/chapters/$1/tree \
	  $$(DEPS) -c $$< -o $$@

$$(PROGRAMS_$1) $(BUILD)/chapters/$1/tests: | \
  $$(if $$(filter $(LAUNCHER_SRC),$$(SO_FAR)),$(CHAPTER_LAUNCHER))

$$(SIMULATE_$1): $$(SIM_OBJ_$1)
$$(PROGRAMS_$1): %: %.o $$(LIB_OBJ_$1)
	$$(call say,LINK,$$@)
	$(Q)$(CXX) $(LINK) $$^ $$(call wraps,$$(filter $(BUILD)/test/tests/%,$$^)) \
	  -o $$@

$(BUILD)/chapters/$1/tests: $$(TEST_OBJ_$1) $$(OWN_OBJ_$1) \
    $$(LIB_OBJ_$1) $$(SUPPORT_OBJ_$1)
	$$(call say,LINK,$$@)
	$(Q)$(CXX) $(LINK) $$^ $$(call wraps,$$(SUPPORT_OBJ_$1)) \
	  -lgtest -lgtest_main -o $$@

.PHONY: chapter-$1
chapter-$1: $$(PROGRAMS_$1) $$(if $$(TEST_OBJ_$1),$(BUILD)/chapters/$1/tests)
	@RP_BUILD=$(BUILD) tests/tools/run-chapter $2 $(BUILD)/chapters/$1
endef

number = $(firstword $(subst -, ,$(notdir $1)))
$(foreach d,$(sort $(patsubst %/files,%,$(wildcard chapters/*/files))),\
  $(eval $(call chapter,$(call number,$d),$d)))

.PHONY: simulate
simulate: $(BUILD)/chapters/17/simulate ## run the server in a seeded network (SEED=7 HOURS=1 SEEDS=9)
	@$< $(or $(SEED),$(strip $(shell od -An -N4 -tu4 /dev/urandom))) \
	  $(or $(HOURS),0.1) $(SEEDS)

.PHONY: chapters chapter-programs
chapters: $(addprefix chapter-,$(CHAPTERS)) ## build and test every chapter
chapter-programs: $(foreach n,$(CHAPTERS),$(PROGRAMS_$n))

chapter-%: ## build a chapter from the files met so far, run its tests
	@echo 'There is no chapter $*; there are: $(CHAPTERS)'; exit 1

# ---- the exercises

# The reader's own files; SEED, AT, TELL, MUTANT, EX, PROGRAM, ARGS and STRICT
# reach the tools through the environment.
WORK ?= work
exercise = @BUILD='$(BUILD)' WORK='$(WORK)' MAKE='$(firstword $(MAKE))' \
  CXX='$(CXX)' TEST_FLAGS='$(TEST_FLAGS)' TEST_LINK='$(LINK)' PCH='$(PCH)'

start-%: ## put a chapter's exercises into work/; overwrites nothing
	$(exercise) book/tools/exercise-start $*

exercise-%: | $(filter start-%,$(MAKECMDGOALS)) ## build and test what you have written; says what is next
	$(exercise) book/tools/exercise $*

watch-%: ## the same, again each time you save a file
	$(exercise) book/tools/exercise-watch $*

hint-%: ## the next of three hints for the open exercise (EX=3.2)
	$(exercise) book/tools/exercise-hint $*

skip-%: ## leave the open exercise for later
	$(exercise) book/tools/exercise-skip $*

solve-%: ## show a solution beside yours, as a diff
	$(exercise) book/tools/exercise-solve $*

catch-up-%: ## take the book's files for unfinished earlier chapters
	$(exercise) book/tools/exercise-start $* catch-up

mine-%: ## run the chapter's program on your files
	$(exercise) book/tools/exercise-mine $*

hunt-%: ## a planted bug by its symptom (SEED=7, AT=file:line)
	$(exercise) book/tools/exercise-hunt $*

break-%: ## a planted bug beside the healthy run (MUTANT=name, TELL=1)
	$(exercise) book/tools/exercise-break $*

.PHONY: exercises
EXERCISED := $(foreach d,$(wildcard chapters/*/exercises),\
  $(call number,$(patsubst %/exercises,%,$d)))
# the objects too, by name: what is only on the way to them may be missing
exercised = $(PCH_BINARY) $(foreach n,$1,$(PROGRAMS_$n) $(BUILD)/chapters/$n/tests \
  $(TEST_OBJ_$n) $(OWN_OBJ_$n) $(LIB_OBJ_$n) $(SUPPORT_OBJ_$n))
exercises: $(call exercised,$(EXERCISED)) ## prove what the exercises promise
	$(exercise) tests/tools/check-exercises

.SECONDEXPANSION:
.PHONY: $(addprefix reference-,$(EXERCISED))
$(addprefix reference-,$(EXERCISED)): reference-%: $$(call exercised,$$*)

$(addprefix exercises-,$(EXERCISED)): exercises-%: $$(call exercised,$$*)
	$(exercise) tests/tools/check-exercises $*

.PHONY: simulation
simulation: $(PROGRAMS_17) $(LIB_OBJ_17) $(SIM_OBJ_17) ## prove that seeds find planted bugs
	$(exercise) tests/tools/check-simulation

# ---- fuzzing

# Harnesses of the codecs, which need nothing but themselves.
SECONDS ?= 60
FUZZ := $(BUILD)/fuzz
FUZZERS := $(patsubst tests/fuzz/%_fuzz.cpp,$(FUZZ)/%,\
  $(wildcard tests/fuzz/*_fuzz.cpp))
FUZZ_LIB := $(patsubst %.cpp,$(FUZZ)/lib/%.o,$(wildcard rpc/wire/*.cpp))
FUZZ_FLAGS := -std=c++20 -O1 -g1 -fno-omit-frame-pointer \
  -fno-sanitize-recover=all

.PHONY: fuzz fuzzers
fuzz: ## look for bytes that break a codec (SECONDS=60 for each, needs clang)
	@tests/tools/need-fuzzer $(CLANGXX)
	@$(MAKE) fuzzers
	@tests/tools/fuzz $(SECONDS) $(FUZZ) $(FUZZERS)

fuzzers: $(FUZZERS)
$(FUZZERS): %: $(FUZZ)/lib/tests/fuzz/$$(@F)_fuzz.o $(FUZZ_LIB)
	$(call say,LINK,$@)
	$(Q)$(CLANGXX) $(FUZZ_FLAGS) -fsanitize=fuzzer,address,undefined $^ -o $@

$(FUZZ)/lib/%.o: %.cpp
	$(call say,CXX,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANGXX) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link,address,undefined \
	  -I. $(DEPS) -c $< -o $@

# ---- clang-tidy, a file at a time

# The analyzer follows calls less far than it could, and of the checks named
# bugprone-* the telling ones look: 3 s for a file, not 14.
BUGPRONE := use-after-move dangling-handle infinite-loop unused-raii \
  unused-return-value throw-keyword-missing undelegated-constructor \
  string-constructor inaccurate-erase too-small-loop-variable virtual-near-miss
SHALLOW := --checks='-bugprone-*$(foreach c,$(BUGPRONE),$(comma)bugprone-$c)' \
  $(patsubst %,--extra-arg=%,-Xclang -analyzer-config -Xclang mode=shallow)
LIB_HEADERS := $(wildcard $(addsuffix /*.h,$(LIB_DIRS) examples) \
  $(addsuffix /*.inl,$(LIB_DIRS)))
$(BUILD)/tidy/%.ok: % $(LIB_HEADERS) .clang-tidy
	$(call say,TIDY,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG_TIDY) --quiet $(if $(DEEP),,$(SHALLOW)) $< -- \
	  -std=c++20 -I. -pthread 2>/dev/null
	$(Q)touch $@

-include $(shell find $(BUILD)/lib $(BUILD)/test $(BUILD)/chapters $(FUZZ) \
  -name '*.d' -not -path '*/tree/*' 2>/dev/null)
