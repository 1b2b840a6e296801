#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "pool/batch_crew.h"
#include "pool/batch_error.h"
#include "pool/outcome.h"
#include "reactor/clock.h"

namespace rp {

/// What a batch does when a task fails.
enum class OnError : std::uint8_t {
  stop,        ///< starts no other task, and run() throws the first error
  keep_going,  ///< the failure is that task's outcome
};

/// Runs one action on many tasks, known in advance, on threads of its own.
///
///     rp::Batch batch{{.parallelism = 2, .on_error = rp::OnError::stop,
///                      .limit = 2s}};
///     auto outcomes = batch.run(tasks, add_5);  // in the order of the tasks
///
/// Four queues lie between the caller and its workers: *input* (tasks, and the
/// pill behind the last), *result* (an outcome for each, so that nobody waits
/// for a worker that is gone), *error* (what is known of each failure) and
/// *stop* (a token that stays in it, once the batch is to stop).
///
/// **The action** is called with a Task, or a Task and a std::stop_token that
/// is set when nobody waits for its result any more. All workers call the one
/// action object, at the same time. Tasks, results and action may be movable
/// only. Any exception is an ordinary failure.
///
/// **On an error**: *stop* starts no other task once a worker has reported
/// one, asks what runs to stop, waits for it, and throws the first error, the
/// original, out of run(). *keep_going* has an outcome for each task.
///
/// **Bounds.** `task_limit` is for one task, from its start. When it passes
/// the task has expired, which is an error; its worker is left alone, a fresh
/// one takes its place, and what the action returns at last is dropped. With
/// more than `stuck` of them the others go on; when none is left, what waits is
/// refused. `limit` is for the whole. When it passes, nothing starts and run()
/// ends, whatever the tasks do: what has arrived is told, the rest has expired.
/// On both a batch that stops on errors throws BatchExpired (or the first
/// error). Of what an iterator has not given nothing is told; see saw_end().
///
/// **Threads.** At most min(tasks, parallelism) start, and run() joins all but
/// those stuck in a task, the ends of thread_local objects included. The stuck
/// own, by shared state, tasks, action and all else they will touch; a program
/// that has some ends by std::quick_exit.
///
/// Thread rule: one thread at a time, which callbacks run on; stuck() any. A
/// callback must not call run(). run() waits: not on a loop's thread.
///
/// Errors: std::invalid_argument for a parallelism of 0 or beyond 1,000,000,
/// std::system_error when a thread cannot be started. What a callback or an
/// iterator throws stops the batch, like an error, and comes out of run().
class Batch {
 public:
  struct Options {
    std::size_t parallelism = 4;  ///< workers at a time
    OnError on_error = OnError::stop;
    Duration limit = Duration::max();       ///< for all; max: none
    Duration task_limit = Duration::max();  ///< for each; max: none
    std::size_t stuck = 64;                 ///< stuck workers that are replaced
    std::size_t errors_kept = 1'000;  ///< but always the first; all are counted
  };

  explicit Batch(Options options);

  /// With a clock that must outlive the batch.
  Batch(Options options, Clock& clock);

  /// An outcome for each task, in their order.
  template <class Task, class Action>
  auto run(std::vector<Task> tasks, Action action);

  /// Also tells each as it comes: `on_outcome(std::size_t task, Outcome<R>&)`.
  template <class Task, class Action, class Callback>
  auto run(std::vector<Task> tasks, Action action, Callback on_outcome);

  /// For tasks that do not fit into memory: takes them when they are needed,
  /// at most 2 × parallelism at a time, and keeps no outcome.
  template <class Iterator, class Sentinel, class Action, class Callback>
  void run(Iterator begin, Sentinel end, Action action, Callback on_outcome);

  // Of the last run, or of the one under way:

  /// The failure that came first, the one that run() throws; or null.
  const BatchError* first_error() const;

  /// All failures in the order in which they came, up to `errors_kept`.
  const std::vector<BatchError>& errors() const { return errors_; }

  /// How many failures there were.
  std::size_t error_count() const { return error_count_; }

  /// What neither returned nor threw, ascending; of an iterator, what it gave.
  const std::vector<std::size_t>& unfinished() const { return unfinished_; }

  /// Whether the end was reached; else an iterator may have more to give.
  bool saw_end() const { return saw_end_; }

  /// How many threads were started.
  std::size_t workers_started() const { return workers_started_; }

  /// Workers of all runs of this batch that are stuck in a task at present.
  std::size_t stuck() const { return *stuck_; }

 private:
  friend class BatchRun;

  void run_tasks(BatchSource& source);

  Options options_;
  Clock& clock_;
  std::shared_ptr<std::atomic<std::size_t>> stuck_;  ///< outlives the batch
  std::vector<BatchError> errors_;
  std::size_t error_count_ = 0;
  std::vector<std::size_t> unfinished_;
  std::size_t workers_started_ = 0;
  bool saw_end_ = false;
};

}  // namespace rp

#include "pool/batch.inl"
