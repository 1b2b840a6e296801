// pyreactor's demonstration: one action on a list of numbers, several at a
// time, some of which fail.

#include "pool/batch.h"

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "examples/flags.h"

namespace rp {
namespace {

// Both are calls of their own, so that a stack trace shows them.
[[gnu::noinline]] void check(std::int64_t number) {
  if (number == 13) throw std::domain_error("13 brings bad luck");
}

[[gnu::noinline]] std::int64_t add_5(std::int64_t number) {
  check(number);
  return number + 5;
}

// A line that grows on a terminal; elsewhere only its end, or a log would be
// full of it.
class Progress {
 public:
  explicit Progress(std::size_t tasks) : tasks_(tasks) {}

  void step(bool ok) {
    ++done_;
    if (!ok) ++failed_;
    if (!on_terminal_) return;
    const std::string bar(kWidth * done_ / tasks_, '#');
    std::fprintf(stderr, "\r[%-*s] ", kWidth, bar.c_str());
    tell();
  }

  void end() const {
    if (!on_terminal_) tell();
    std::fputc('\n', stderr);
  }

 private:
  void tell() const {
    std::fprintf(stderr, "%zu of %zu, %zu failed", done_, tasks_, failed_);
  }

  static constexpr int kWidth = 40;
  const bool on_terminal_ = ::isatty(STDERR_FILENO) == 1;
  const std::size_t tasks_;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
};

void tell_errors(const Batch& batch) {
  for (const BatchError& error : batch.errors()) {
    std::printf("task %zu, %s: %s\n", error.task, error.type.c_str(),
                error.message.c_str());
    if (!error.trace.empty()) {
      std::printf("thrown by\n%s", error.trace.to_string().c_str());
    }
  }
}

struct Wishes {
  Batch::Options options;
  std::vector<std::int64_t> numbers;
  Duration work;
};

Wishes wishes_of(const Flags& given) {
  Wishes wishes;
  wishes.options.parallelism =
      static_cast<std::size_t>(given.integer("parallelism", 1, 1'000));
  if (given.has("keep-going")) wishes.options.on_error = OnError::keep_going;
  if (given.has("limit")) wishes.options.limit = given.duration("limit");
  if (given.has("task-limit")) {
    wishes.options.task_limit = given.duration("task-limit");
  }
  wishes.work = given.duration("work");
  wishes.numbers.resize(
      static_cast<std::size_t>(given.integer("tasks", 0, 1'000'000)));
  std::iota(wishes.numbers.begin(), wishes.numbers.end(), 1);
  return wishes;
}

// A bound may have left workers to themselves.
[[noreturn]] void leave(int status) {
  std::fflush(nullptr);
  std::quick_exit(status);
}

int demonstrate(const Flags& given) {
  Wishes wishes = wishes_of(given);
  Progress progress(wishes.numbers.size());
  Batch batch{wishes.options};
  const auto action = [work = wishes.work](std::int64_t number) {
    std::this_thread::sleep_for(work);
    return add_5(number);
  };
  try {
    std::int64_t sum = 0;
    batch.run(std::move(wishes.numbers), action,
              [&](std::size_t, const Outcome<std::int64_t>& outcome) {
                progress.step(outcome.ok());
                if (outcome.ok()) sum += outcome.value();
              });
    progress.end();
    std::printf("the results add up to %lld\n", static_cast<long long>(sum));
  } catch (const std::exception& error) {
    progress.end();
    std::printf("stopped: %s\n", error.what());
  }
  tell_errors(batch);
  if (!batch.unfinished().empty()) {
    std::printf("%zu tasks were not finished\n", batch.unfinished().size());
  }
  leave(batch.error_count() + batch.unfinished().size() == 0 ? 0 : 1);
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("batch", "Adds 5 to each of many numbers. 13 fails.");
  flags.option("tasks", "N", "the numbers 1 to N", "10");
  flags.option("parallelism", "N", "so many workers", "2");
  flags.option("work", "TIME", "how long each number takes", "1ms");
  flags.toggle("keep-going", "do not stop at the first error");
  flags.option("limit", "TIME", "a bound on the whole");
  flags.option("task-limit", "TIME", "a bound on each number");
  return rp::run_program(flags, argc, argv, rp::demonstrate);
}
