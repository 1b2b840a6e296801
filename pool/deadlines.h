#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "pool/executor.h"
#include "reactor/mailbox.h"
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
/// taken out of the queue. One that runs is asked to stop and, if it has not
/// returned `grace` later, abandoned. Its late result is dropped. A job whose
/// deadline is zero or less is expired without being started.
///
/// Deadlines hold while the reactor runs. What passes between two runs is
/// told at the beginning of the second.
///
/// Thread rule: the loop's thread; the destructor may also be called by
/// another when the loop does not run. Reactor and inner executor must
/// outlive it. Jobs that are open when it is destroyed are settled by the
/// inner executor, without a deadline.
class Deadlines : public Executor {
 public:
  struct Options {
    /// From the deadline until a job that runs on is abandoned.
    Duration grace = std::chrono::milliseconds(100);
    /// Of jobs that name none; Duration::max() is none.
    Duration deadline = Duration::max();
  };

  Deadlines(Reactor& reactor, Executor& inner, Options options);
  Deadlines(Reactor& reactor, Executor& inner)
      : Deadlines(reactor, inner, Options()) {}
  ~Deadlines() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;

  /// As the caller sees it: a job is settled when the caller was told.
  struct Stats {
    std::uint64_t submitted = 0;
    std::uint64_t settled[5] = {};  ///< by Fate
  };
  const Stats& stats() const { return stats_; }

 private:
  /// A job, shared with the inner executor's callback.
  struct Entry {
    std::shared_ptr<Deadlines*> owner;
    JobId id = 0;
    JobId inner = 0;
    Function<void(Settled)> settled;
    std::optional<TimePoint> due;  ///< the deadline, then the grace's end
    TimerId timer;
    bool told = false;
  };
  using EntryPtr = std::shared_ptr<Entry>;

  /// The last act for the caller, who may destroy us in it.
  static void tell(Entry& entry, Settled end);
  static void inner_settled(Entry& entry, Settled end);
  std::optional<TimePoint> due_in(Duration deadline) const;
  void time_out(Entry& entry);
  void set_timer(const EntryPtr& entry);
  void keep_deadlines_between_runs();
  void renew_timers();
  Entry* open(JobId id) const;

  Reactor& reactor_;
  Executor& inner_;
  const Options options_;
  Mailbox next_run_;
  std::shared_ptr<Deadlines*> self_;  ///< points to null when this is gone
  std::map<JobId, EntryPtr> jobs_;    ///< that the inner executor has
  Stats stats_;
};

}  // namespace rp
