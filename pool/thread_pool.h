#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "pool/executor.h"
#include "pool/worker.h"
#include "reactor/reactor.h"

namespace rp {

/// A fixed number of threads and one bounded queue.
///
///     ThreadPool pool{reactor, {.workers = 4, .capacity = 1024}};
///     pool.submit({.work = [](std::stop_token) { slow(); },
///                  .settled = [](Settled) { puts("done"); }});
///
/// Jobs submitted during a phase enter the queue together at its end. A worker
/// takes one job at a time. An exception ends a job, never a worker. Ends come
/// back through a mailbox.
///
/// A thread cannot be killed. abandon() *retires* the worker that is stuck in
/// a job: the job is settled as dropped, the worker is left to itself and
/// leaves when the job returns, and a fresh one takes its place. At most
/// `retired` workers are replaced in this way: beyond that a stuck worker is
/// not replaced, the others go on, and when none is left every job, also
/// those that wait, is refused. A stuck worker that returns makes good for
/// one.
///
/// Thread rule: the loop's thread; finish(), drop() and the destructor may
/// also be called by another when the loop does not run. The reactor must
/// outlive the pool.
class ThreadPool : public Executor, private WorkerOwner {
 public:
  struct Options {
    std::size_t workers = 4;
    std::size_t capacity = 1024;  ///< jobs accepted and not started
    /// How many retired workers are replaced; default: `workers` above.
    std::optional<std::size_t> retired = std::nullopt;
    /// How long an idle worker looks for work before it sleeps.
    Duration spin = Duration::zero();
  };

  /// Starts the workers. Throws std::invalid_argument for no workers or no
  /// capacity, std::system_error when a thread cannot be started.
  ThreadPool(Reactor& reactor, Options options);

  /// drop(). What was not settled by then is settled in the reactor's next
  /// run, or destroyed uncalled with the reactor.
  ~ThreadPool() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;

  /// Changes the number of workers. Workers that are too many leave when they
  /// have finished what they do. Throws std::invalid_argument for none,
  /// std::system_error when a thread cannot be started.
  void resize(std::size_t workers);

  /// Serves what is queued (staged jobs too), then joins all workers but
  /// those that are stuck in an abandoned job, whose number it returns. Waits
  /// as long as the jobs take. Afterwards every job is refused.
  std::size_t finish();

  /// Settles what is queued as dropped, sets the stop token of what runs,
  /// and gives it `grace` to return; what has not returned is abandoned.
  /// Returns the number of workers left stuck: a program that has some
  /// flushes its output and ends by std::quick_exit.
  std::size_t drop(Duration grace = std::chrono::milliseconds(100));

  /// A snapshot, for tests and status pages.
  struct Stats {
    std::size_t workers = 0;  ///< that can take a job now or soon
    std::size_t waiting = 0;  ///< accepted and not started, staged included
    std::size_t running = 0;  ///< started and not settled
    std::size_t stuck = 0;    ///< workers left alone in an abandoned job
    std::uint64_t submitted = 0;
    std::uint64_t settled[5] = {};  ///< by Fate
  };
  Stats stats() const;
  std::size_t capacity() const { return options_.capacity; }

 private:
  struct Record {
    Function<void(Settled)> settled;
    std::shared_ptr<PoolJob> job;
  };

  void job_ended(PoolJob& job) override;
  void worker_left(WorkerId id) override;
  void stuck_worker_returned() override;

  bool can_take();
  bool has_room();
  void stage(std::shared_ptr<PoolJob> job);
  void hand_over();
  void unqueue(JobId id);

  std::size_t live_target() const;
  std::size_t active() const;
  void start_worker();
  void balance();
  void replace();
  void retire(WorkerId id);
  void refuse_waiting();
  void close();
  void withdraw_all();
  void abandon_all();
  std::size_t join_all();

  Function<void(Settled)> take_settled(JobId id, Fate fate);
  void settle_later(Function<void(Settled)> settled, Fate fate);
  void settle_by_mailbox(JobId id, Settled end);
  std::vector<JobId> open_jobs() const;

  Reactor& reactor_;
  const Options options_;
  std::size_t size_;
  std::shared_ptr<PoolShared> shared_;
  std::map<JobId, Record> jobs_;                  ///< not settled
  std::vector<std::shared_ptr<PoolJob>> staged_;  ///< until the phase ends
  std::size_t room_ = 0;  ///< places that are surely free for staged jobs
  std::map<WorkerId, std::thread> threads_;  ///< not the stuck ones
  WorkerId last_worker_ = 0;
  std::size_t dismissed_ = 0;  ///< of threads_: told to leave, not yet gone
  std::size_t stuck_ = 0;
  bool closed_ = false;
  std::uint64_t submitted_ = 0;
  std::uint64_t settled_[5] = {};
};

}  // namespace rp
