#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>

#include "pool/outcome.h"
#include "reactor/clock.h"
#include "reactor/function.h"

namespace rp {

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

  /// What sort of job it is, for executors that count or limit by it (Lanes).
  std::string kind = {};

  /// Where there is a Strand, jobs of the same key run one after another, in
  /// the order in which they were submitted. 0: whenever.
  std::uint64_t key = 0;
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
