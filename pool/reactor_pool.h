#pragma once

#include <cstddef>
#include <optional>

#include "pool/deadlines.h"
#include "pool/defer.h"
#include "pool/thread_pool.h"
#include "reactor/mailbox.h"

namespace rp {

/// The reactor and its hands: a thread pool with deadlines around it. Work
/// runs on a worker, its result or its error comes back on the loop.
///
///     ReactorPool pool{reactor};
///     pool.defer([] { return primes_below(1'000'000); },
///                [](Outcome<Primes> outcome) { print(outcome.value()); },
///                {.deadline = 2s});
///
/// defer() never fails and never calls `done` inside itself: every fate
/// arrives through `done`, on the loop. After Reactor::stop(), `done` waits
/// for the next run(); if the reactor is destroyed first, it is destroyed
/// uncalled. (More about work and done: pool/defer.h.)
///
/// Work that needs the loop's state takes a copy of loop() along and posts:
///
///     pool.defer([loop = pool.loop()] { loop.post([] { ++on_the_loop; }); });
///
/// Thread rule: the loop's thread; finish(), drop() and the destructor may
/// also be called by another when the loop does not run. The reactor must
/// outlive the pool.
class ReactorPool {
 public:
  struct Options {
    std::size_t workers = 4;
    std::size_t capacity = 1024;  ///< jobs accepted and not started
    /// How many stuck workers are replaced; default: `workers`.
    std::optional<std::size_t> retired = std::nullopt;
    /// How long an idle worker looks for work before it sleeps.
    Duration spin = Duration::zero();
    /// What a job gets after its deadline to heed its stop token, before its
    /// worker is retired; also what drop() gives it.
    Duration grace = std::chrono::milliseconds(100);
    /// Of jobs that name none; Duration::max() is none.
    Duration deadline = Duration::max();
  };

  /// Throws as ThreadPool does.
  ReactorPool(Reactor& reactor, Options options);
  explicit ReactorPool(Reactor& reactor) : ReactorPool(reactor, Options()) {}

  /// drop().
  ~ReactorPool();

  /// Runs `work`, a callable with () or (std::stop_token), on a worker, and
  /// then `done`, a callable with (Outcome<R>), on the loop.
  template <DeferrableWork Work, DoneWith<Work> Done>
  JobId defer(Work work, Done done, DeferOptions options = {});

  /// Fire and forget: result and errors are dropped.
  template <DeferrableWork Work>
  JobId defer(Work work, DeferOptions options = {});

  Cancelled cancel(JobId id) { return deadlines_.cancel(id); }

  /// The way back to the loop for work that wants to talk to it.
  const Mailbox& loop() const { return loop_; }

  /// The same pool for those who know executors only; it heeds deadlines.
  Executor& executor() { return deadlines_; }

  /// Changes the number of workers; see ThreadPool.
  void resize(std::size_t workers) { threads_.resize(workers); }

  /// Serves what is queued, then joins all workers but the stuck ones, whose
  /// number it returns. Deadlines do not bite meanwhile: the loop waits.
  std::size_t finish() { return threads_.finish(); }

  /// Drops what is queued, asks what runs to stop and, after the grace, gives
  /// it up. Returns the number of workers left stuck: a program that has
  /// some flushes its output and ends by std::quick_exit.
  std::size_t drop() { return threads_.drop(grace_); }

  /// The threads' numbers; what was submitted and how it was settled as the
  /// callers saw it, so that an expired job is told apart from a dropped one.
  ThreadPool::Stats stats() const;

 private:
  const Duration grace_;
  Mailbox loop_;
  ThreadPool threads_;
  Deadlines deadlines_;
};

}  // namespace rp

#include "pool/reactor_pool.inl"
