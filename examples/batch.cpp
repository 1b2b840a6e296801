// The demonstration of pyreactor, a Python library for lists of tasks: one
// action on a list of numbers, several at a time, some of which fail.

#include "pool/batch.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
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

std::size_t columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
  return known && size.ws_col > 0 ? size.ws_col : 80;
}

// A line that grows on a terminal; elsewhere only its end, or a log would be
// full of it.
class Progress {
 public:
  explicit Progress(std::size_t tasks) : tasks_(tasks) {}

  void step(Fate fate) {
    if (fate == Fate::finished) {
      ++finished_;
    } else if (fate == Fate::failed) {
      ++failed_;
    } else {
      ++lost_;
    }
    if (on_terminal_ && is_due()) draw();
  }

  // What the batch has not told of was not finished either.
  void end() {
    lost_ = tasks_ - finished_ - failed_;
    on_terminal_ ? draw() : tell(in_words());
    std::fputc('\n', stderr);
  }

  std::size_t failed() const { return failed_; }

 private:
  // A terminal is slower than a batch.
  bool is_due() const {
    return length(kWidest) > length_ ||
           std::chrono::steady_clock::now() >= due_;
  }

  // One column stays free, or the cursor would wrap.
  void draw() {
    const std::string words = in_words();
    const std::size_t room = columns() - 1;
    if (room < words.size() + kNarrowest) {
      tell("\r" + words.substr(0, room) + kEraseTheRest);
    } else {
      const std::size_t width = std::min(kWidest, room - words.size() - 3);
      std::string bar(length(width), '#');
      bar.resize(width, ' ');
      tell("\r[" + bar + "] " + words + kEraseTheRest);
    }
    length_ = length(kWidest);
    due_ = std::chrono::steady_clock::now() + kPause;
  }

  std::size_t length(std::size_t width) const {
    if (tasks_ == 0) return width;
    return width * (finished_ + failed_) / tasks_;
  }

  std::string in_words() const {
    return std::to_string(finished_) + " of " + std::to_string(tasks_) +
           " finished, " + std::to_string(failed_) + " failed, " +
           std::to_string(lost_) + " not finished";
  }

  static void tell(const std::string& text) {
    std::fputs(text.c_str(), stderr);
  }

  static constexpr std::size_t kWidest = 40;
  static constexpr std::size_t kNarrowest = 8;
  static constexpr const char* kEraseTheRest = "\033[K";
  static constexpr auto kPause = std::chrono::milliseconds(50);
  const bool on_terminal_ = ::isatty(STDERR_FILENO) == 1;
  const std::size_t tasks_;
  std::size_t finished_ = 0;
  std::size_t failed_ = 0;
  std::size_t lost_ = 0;
  std::size_t length_ = 0;
  std::chrono::steady_clock::time_point due_;
};

// Number N is task N - 1: tasks are counted from 0.
void tell_errors(const Batch& batch) {
  for (const BatchError& error : batch.errors()) {
    std::printf("task %zu (the number %zu), %s: %s\n", error.task,
                error.task + 1, error.type.c_str(), error.message.c_str());
    if (!error.trace.empty()) {
      std::printf("thrown by\n%s", error.trace.to_string().c_str());
    }
  }
}

// Those whose own limit passed are errors; a bound on the whole is none, and is
// what the last of all was told.
void tell_bound(const Batch& batch, std::size_t failed,
                const std::string& last) {
  const std::size_t own_limit = batch.error_count() - failed;
  if (batch.unfinished().size() > own_limit) {
    std::printf("stopped: %s\n", last.c_str());
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
    std::string last;
    batch.run(std::move(wishes.numbers), action,
              [&](std::size_t, const Outcome<std::int64_t>& outcome) {
                progress.step(outcome.fate());
                if (outcome.ok()) sum += outcome.value();
                last = outcome.message();
              });
    progress.end();
    std::printf("the results add up to %lld\n", static_cast<long long>(sum));
    tell_bound(batch, progress.failed(), last);
  } catch (const std::exception& error) {
    progress.end();
    std::printf("stopped: %s\n", error.what());
  }
  tell_errors(batch);
  if (!batch.unfinished().empty()) {
    std::printf("%zu tasks were not finished\n", batch.unfinished().size());
  }
  // A bound may have left workers to themselves.
  leave(given, batch.error_count() + batch.unfinished().size() == 0 ? 0 : 1);
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("batch",
                  "Adds 5 to each of many numbers. 13 fails. "
                  "The demonstration of pyreactor, a Python library for such "
                  "lists.");
  flags.option("tasks", "N", "the numbers 1 to N", "20");
  flags.option("parallelism", "N", "so many workers", "2");
  flags.option("work", "TIME", "how long each number takes", "1ms");
  flags.toggle("keep-going", "do not stop at the first error");
  flags.option("limit", "TIME", "a bound on the whole");
  flags.option("task-limit", "TIME", "a bound on each number");
  return rp::run_program(flags, argc, argv, rp::demonstrate);
}
