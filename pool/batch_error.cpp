#include "pool/batch_error.h"

#include <cxxabi.h>

#include <cstdio>
#include <utility>

#include "pool/outcome.h"

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

std::string in_words(const std::vector<std::size_t>& tasks) {
  std::string text;
  for (std::size_t i = 0; i < tasks.size() && i < kNamed; ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(tasks[i]);
  }
  if (tasks.size() <= kNamed) return text;
  return text + " and " + std::to_string(tasks.size() - kNamed) + " more";
}

std::string without_end(const std::vector<std::size_t>& tasks, bool more) {
  std::string named = "; unfinished: " + in_words(tasks);
  if (!more) return named;
  return named + (tasks.empty() ? "" : " and ") + "what was not taken";
}

std::string type_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type == nullptr ? "an unknown type" : demangled(type->name());
  }
}

}  // namespace

BatchError BatchError::of(std::exception_ptr error, std::size_t task,
                          std::size_t worker, StackTrace trace) {
  BatchError described;
  described.task = task;
  described.worker = worker;
  described.type = type_of(error);
  described.message = Outcome<void>({Fate::failed, error}).message();
  described.trace = std::move(trace);
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
