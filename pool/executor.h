#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>

#include "reactor/clock.h"
#include "reactor/function.h"

namespace rp {

/// How a job ended. Every job that is submitted ends in exactly one way.
enum class Fate : std::uint8_t {
  finished,  ///< the work returned
  failed,    ///< the work threw
  expired,   ///< its deadline passed first
  refused,   ///< no room for it: it never started
  dropped,   ///< cancelled, abandoned, or the executor ended
};

std::string_view to_string(Fate fate);

/// The end of a job: its fate and, if it failed, what it threw.
struct Settled {
  Fate fate = Fate::finished;
  std::exception_ptr error;
};

/// Work to be done off the loop, and what to call on the loop afterwards.
struct Job {
  /// Runs on a worker. The token asks it to stop early, when its deadline has
  /// passed or it was cancelled; to look at it is up to the work.
  Function<void(std::stop_token)> work;

  /// Runs on the loop's thread, exactly once, never inside a call of the
  /// executor.
  Function<void(Settled)> settled;

  /// How long it may take from submit() on, waiting included. Only an
  /// executor that has a clock heeds it (Deadlines).
  std::optional<Duration> deadline = std::nullopt;
};

/// Names a job of one executor; never used again. 0 names none.
using JobId = std::uint64_t;

/// What cancel() could do.
enum class Cancelled : std::uint8_t {
  dequeued,  ///< it had not started: it is settled as dropped
  asked,     ///< it runs: its stop token is set
  unknown,   ///< it was settled already
};

/// Whoever can run jobs: a thread pool, a pool of processes, or an executor
/// around another that adds one thing, as Deadlines adds deadlines.
///
///     JobId id = executor.submit({.work = [](std::stop_token) { slow(); },
///                                 .settled = [](Settled end) { ... }});
///     executor.cancel(id);
///
/// Thread rule: all on the loop's thread. `work` runs elsewhere; `settled` is
/// called, and destroyed, on the loop's thread. If the reactor is destroyed
/// first, `settled` is destroyed uncalled.
class Executor {
 public:
  virtual ~Executor() = default;

  /// Never fails: what cannot be taken is settled as refused, later.
  virtual JobId submit(Job job) = 0;

  /// Takes a waiting job out of the queue, or asks a running one to stop.
  virtual Cancelled cancel(JobId id) = 0;

  /// Gives a running job up: from now on it is dropped, whatever it does
  /// later is ignored, and its worker is replaced. A job that waits is
  /// dequeued; one that has just ended keeps its fate.
  virtual void abandon(JobId id) = 0;
};

}  // namespace rp
