#pragma once

#include <cstddef>
#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

#include "pool/stack_trace.h"
#include "reactor/clock.h"

namespace rp {

/// What went wrong with one task of a batch, and where.
///
///     if (const BatchError* error = batch.first_error()) {
///       std::printf("task %zu: %s: %s\n%s", error->task, error->type.c_str(),
///                   error->message.c_str(), error->trace.to_string().c_str());
///     }
///
/// Tasks are numbered from 0 in the order of the list, workers from 0 in the
/// order of their start. A worker that took the place of a stuck one has a
/// number of its own.
struct BatchError {
  std::size_t task = 0;
  std::size_t worker = 0;

  /// "std::out_of_range", "int": what was thrown, as C++ spells it.
  std::string type;

  /// What what() said, also if that is nothing; of what is no std::exception,
  /// that it is none.
  std::string message;

  /// From the throw outwards, to the action. Empty when the task's limit
  /// passed, for an exception that was not made by a throw in the task, and for
  /// a throw that TraceThrows has missed or no longer knows.
  StackTrace trace;

  /// The original, to be rethrown.
  std::exception_ptr error;

  /// Describes `error`, thrown by `task` in `worker`.
  static BatchError of(std::exception_ptr error, std::size_t task,
                       std::size_t worker, StackTrace trace);
};

/// A bound of a batch passed: the one on the whole, the one on a task, or the
/// one on stuck workers. What it says names the tasks: "the batch's limit of
/// 2 s passed; unfinished: 4, 7, 9 and what was not taken". The longest of such
/// lists is cut.
class BatchExpired : public std::runtime_error {
 public:
  /// The bound on the whole. `more`: an iterator had others still to give.
  BatchExpired(Duration limit, std::vector<std::size_t> unfinished,
               bool more = false);

  /// So many workers are stuck that none is left.
  BatchExpired(std::size_t stuck, std::vector<std::size_t> unfinished,
               bool more = false);

  /// The bound on one task.
  BatchExpired(Duration task_limit, std::size_t task);

  /// The tasks that had not ended when it passed, ascending.
  const std::vector<std::size_t>& unfinished() const { return unfinished_; }

 private:
  std::vector<std::size_t> unfinished_;
};

}  // namespace rp
