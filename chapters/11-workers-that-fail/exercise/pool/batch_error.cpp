#include "pool/batch_error.h"

#include <cstdio>
#include <utility>

namespace rp {

namespace {

constexpr std::size_t kNamed = 10;

std::string in_words(Duration time) {
  const auto nanoseconds = static_cast<double>(time.count());
  char text[48];
  if (time >= std::chrono::seconds(1)) {
    std::snprintf(text, sizeof text, "%g s", nanoseconds / 1e9);
  } else {
    std::snprintf(text, sizeof text, "%g ms", nanoseconds / 1e6);
  }
  return text;
}

// Exercise 11.2: the tasks with commas between them, "4, 7, 9"; of more than
// kNamed the first kNamed, and how many more there are: "1, 2 and 3 more".
std::string in_words(const std::vector<std::size_t>&) {
  static_assert(kNamed > 0);
  return {};
}

std::string without_end(const std::vector<std::size_t>& tasks, bool more) {
  const std::string named = "; unfinished: " + in_words(tasks);
  if (!more) return named;
  return named + (tasks.empty() ? "" : " and ") + "what was not taken";
}

// Exercise 11.2: the type of what was thrown, whatever it is. There is a way
// to ask while it is being caught; demangled() makes its name readable.
std::string type_of(const std::exception_ptr&) { return {}; }

}  // namespace

BatchError BatchError::of(std::exception_ptr error, std::size_t task,
                          std::size_t worker, StackTrace trace) {
  BatchError described;
  described.task = task;
  described.worker = worker;
  described.type = type_of(error);
  // Exercise 11.2: its message, and where it was thrown.
  static_cast<void>(trace);
  described.error = std::move(error);
  return described;
}

BatchExpired::BatchExpired(Duration limit, std::vector<std::size_t> unfinished,
                           bool more)
    : std::runtime_error("the batch's limit of " + in_words(limit) + " passed" +
                         without_end(unfinished, more)),
      unfinished_(std::move(unfinished)) {}

BatchExpired::BatchExpired(std::size_t stuck,
                           std::vector<std::size_t> unfinished, bool more)
    : std::runtime_error("no worker is left (stuck: " + std::to_string(stuck) +
                         ")" + without_end(unfinished, more)),
      unfinished_(std::move(unfinished)) {}

BatchExpired::BatchExpired(Duration task_limit, std::size_t task)
    : std::runtime_error("task " + std::to_string(task) + " ran longer than " +
                         in_words(task_limit)),
      unfinished_{task} {}

}  // namespace rp
