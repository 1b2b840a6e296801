#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "pool/executor.h"
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
/// Thread rule: the loop's thread. The reactor must outlive the pool.
class ThreadPool : public Executor {
 public:
  struct Options {
    std::size_t workers = 4;
    std::size_t capacity = 1024;  ///< jobs accepted and not started
    /// How many retired workers are replaced; default: as many as workers.
    std::optional<std::size_t> retired = std::nullopt;
    /// How long an idle worker looks for work before it sleeps.
    Duration spin = Duration::zero();
  };

  /// Starts the workers. Throws std::invalid_argument for no workers or no
  /// capacity, std::system_error when a thread cannot be started.
  ThreadPool(Reactor& reactor, Options options);

  /// drop().
  ~ThreadPool() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;

  /// Changes the number of workers, at least 1. Workers that are too many
  /// leave when they have finished what they do.
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
    std::size_t workers = 0;   ///< that can take a job now or soon
    std::size_t waiting = 0;   ///< accepted and not started, staged included
    std::size_t running = 0;   ///< started and not settled
    std::size_t stuck = 0;     ///< workers left alone in an abandoned job
    std::uint64_t submitted = 0;
    std::uint64_t settled[5] = {};  ///< by Fate
  };
  Stats stats() const;
};

}  // namespace rp
