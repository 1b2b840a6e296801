#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

#include "pool/batch_error.h"
#include "pool/blocking_queue.h"
#include "pool/outcome.h"
#include "reactor/clock.h"
#include "reactor/mutex.h"

namespace rp {

/// One task on its way: from the list through the input queue to a worker,
/// and with its result through the result queue back. Whoever holds it owns
/// task and result.
class BatchTask {
 public:
  explicit BatchTask(std::size_t number) : index(number) {}
  virtual ~BatchTask() = default;

  /// Calls the action and keeps its result. Worker. Throws what it throws.
  virtual void run(std::stop_token token) = 0;

  const std::size_t index;
};

/// Where a run takes its tasks from and puts their ends. The caller's thread.
class BatchSource {
 public:
  virtual ~BatchSource() = default;

  /// The next task, or null when there is none.
  virtual std::unique_ptr<BatchTask> next(std::size_t index) = 0;

  /// How a task ended; `task` brings the result of one that finished.
  virtual void settle(std::size_t index, const Settled& end,
                      BatchTask* task) = 0;

  /// How many tasks next() would still give; 0 if nobody knows.
  virtual std::size_t still_there() const = 0;

  /// Whether next() would give none.
  virtual bool at_end() const = 0;
};

/// What a worker puts into the result queue: a task that has ended, or no
/// task, when the worker itself leaves.
struct BatchReport {
  std::size_t worker = 0;
  std::unique_ptr<BatchTask> task;
  std::exception_ptr error;  ///< what the task threw
};

/// Sends home each worker that looks for it: like the pill, it stays in.
struct StopToken {};

/// The workers' side of Batch: what they share with the caller of run(), and
/// what a worker does. All of it is held by shared_ptr, so that a worker that
/// is stuck in a task owns whatever it will touch when it returns.
///
///     auto crew = std::make_shared<BatchCrew>(sizes, clock, stuck);
///     std::thread worker{[=] { crew->serve(0); }};
///     while (auto report = crew->result.pop()) ...
///
/// Thread rule: per member.
class BatchCrew {
 public:
  /// For so many workers at a time and tasks in the queues. `stuck` counts
  /// the workers that are left alone; the clock is not used after leave_all().
  BatchCrew(std::size_t workers, std::size_t window, bool stops_on_error,
            Clock& clock, std::shared_ptr<std::atomic<std::size_t>> stuck);

  BlockingQueue<std::unique_ptr<BatchTask>> input;
  BlockingQueue<BatchReport> result;  ///< has room for all there can be
  BlockingQueue<BatchError> error;    ///< filled before result is
  BlockingQueue<StopToken> stop;

  /// The life of a worker: takes a task, looks for the token, runs the
  /// task, reports its end; until it meets the pill or the token, or finds
  /// itself left alone. Worker.
  void serve(std::size_t worker);

  /// No task starts from now on: puts the stop token in and drains the input
  /// queue. Any thread.
  void start_nothing();

  /// And what runs is asked to stop. Any thread.
  void stop_all();

  /// A task whose worker was left alone.
  struct LeftAlone {
    std::size_t worker = 0;
    std::size_t task = 0;
  };

  /// Leaves alone the workers whose tasks began at `latest` or before, and
  /// asks these tasks to stop. The caller of run().
  std::vector<LeftAlone> leave_alone(TimePoint latest);

  /// All that run a task.
  std::vector<LeftAlone> leave_all() { return leave_alone(TimePoint::max()); }

  /// When the task that runs longest began. The caller of run().
  std::optional<TimePoint> earliest_start() const;

 private:
  struct Running {
    std::size_t task = 0;
    TimePoint since;
    std::stop_source source;
  };

  std::optional<std::stop_token> begin(std::size_t worker, std::size_t task);
  bool end(std::size_t worker);
  void fail(const BatchReport& report, const TraceThrows& throws);

  const bool stops_on_error_;
  Clock& clock_;
  const std::shared_ptr<std::atomic<std::size_t>> stuck_;
  mutable Mutex mutex_;
  std::map<std::size_t, Running> running_ GUARDED_BY(mutex_);  ///< by worker
};

}  // namespace rp
