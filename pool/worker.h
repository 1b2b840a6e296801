#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stop_token>

#include "pool/blocking_queue.h"
#include "pool/executor.h"
#include "reactor/mailbox.h"
#include "reactor/mutex.h"

namespace rp {

/// The threads' side of ThreadPool: what the loop and its workers share, and
/// what a worker does. All of it is held by shared_ptr, so that a worker that
/// is stuck in a job owns whatever it will touch when it returns.
///
///     auto shared = std::make_shared<PoolShared>(reactor, capacity, owner);
///     shared->attendance.arrive();
///     std::thread([=] { serve_queue(shared, id, spin); }).detach();
///
/// Thread rule: per member, below.

/// Names a worker of one pool; never used again.
using WorkerId = std::uint64_t;

/// A job between the loop and the worker that takes it. Who moves the state
/// decides: the worker and the loop never both think that they ended it.
struct PoolJob {
  enum class State : std::uint8_t {
    waiting,    ///< staged or in the queue
    running,    ///< a worker has it
    done,       ///< the work came to its end; told to the loop by mailbox
    withdrawn,  ///< the loop took it back before it started
    abandoned,  ///< the loop gave up its worker
  };

  PoolJob(JobId number, Function<void(std::stop_token)> closure)
      : id(number), work(std::move(closure)) {}

  /// Any thread. False, and nothing changed, unless it was in `from`.
  bool move(State from, State to) {
    return state.compare_exchange_strong(from, to);
  }

  const JobId id;
  std::atomic<State> state = State::waiting;
  std::stop_source stop;

  /// The worker's while it runs; destroyed as soon as it has run.
  Function<void(std::stop_token)> work;

  /// Set before `running`; the loop reads it once it has abandoned the job.
  WorkerId worker = 0;

  /// What the work threw. Set before `done`; then the loop's.
  std::exception_ptr error;
};

/// Counts the threads that are in the pool's service, so that the loop can
/// wait for them for a limited time. Any thread.
class Attendance {
 public:
  void arrive();
  void leave();

  /// Waits until all have left. False when the time was over.
  bool wait_for_all_to_leave(TimePoint deadline);

 private:
  Mutex mutex_;
  CondVar all_left_;
  std::size_t present_ GUARDED_BY(mutex_) = 0;
};

/// Whom workers report to. Called on the loop's thread.
class WorkerOwner {
 public:
  /// The job is done.
  virtual void job_ended(PoolJob& job) = 0;

  /// The worker was dismissed or met the pill; its thread can be joined.
  virtual void worker_left(WorkerId id) = 0;

  /// A worker has returned from an abandoned job and leaves.
  virtual void stuck_worker_returned() = 0;

 protected:
  ~WorkerOwner() = default;
};

/// What a pool shares with its workers.
struct PoolShared {
  PoolShared(Reactor& reactor, std::size_t capacity, WorkerOwner* pool)
      : queue(capacity), loop(reactor), owner(pool) {}

  BlockingQueue<std::shared_ptr<PoolJob>> queue;
  Mailbox loop;
  Attendance attendance;

  /// The loop's thread only. Null when the pool is gone: late reports find
  /// nobody.
  WorkerOwner* owner;
};

/// The life of a worker: takes a job, runs it, reports its end, until it
/// meets the pill, is dismissed, or returns from a job that was abandoned.
/// An idle one looks for work for `spin` before it sleeps.
void serve_queue(const std::shared_ptr<PoolShared>& shared, WorkerId self,
                 Duration spin);

}  // namespace rp
