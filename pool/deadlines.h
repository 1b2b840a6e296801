#pragma once

#include <cstddef>
#include <unordered_map>

#include "pool/executor.h"
#include "reactor/reactor.h"

namespace rp {

/// Deadlines around any executor. The event loop is the boss: the clock is a
/// timer of the reactor, there is no manager thread.
///
///     Deadlines executor{reactor, pool, {.grace = 100ms}};
///     executor.submit({.work = ..., .settled = ..., .deadline = 2s});
///
/// A deadline counts from submit(), waiting included. When it passes, the
/// caller is told (expired) in the same tick. A job that still waits is
/// taken out of the queue; one that runs is asked to stop and, if it has not
/// returned `grace` later, abandoned. Its late result is dropped.
///
/// Thread rule: the loop's thread. Reactor and inner executor must outlive it.
class Deadlines : public Executor {
 public:
  struct Options {
    Duration grace = std::chrono::milliseconds(100);
  };

  Deadlines(Reactor& reactor, Executor& inner, Options options);
  Deadlines(Reactor& reactor, Executor& inner)
      : Deadlines(reactor, inner, Options()) {}
  ~Deadlines() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;
};

}  // namespace rp
