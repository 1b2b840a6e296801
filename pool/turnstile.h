#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "pool/executor.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"

namespace rp {

/// What Strand and Lanes have in common: an executor around another that
/// sorts jobs into groups, lets so many of a group through at a time, and
/// keeps the others, in order, until one of those comes out.
///
///     class Strand : public Turnstile {
///       Rule rule_for(const Job& job) const override {
///         return {.group = job.key, .at_once = 1, .room = ...};
///
/// A job is through from the moment when the inner executor has it until that
/// executor settles it. So an abandoned job lets the next one go on, although
/// its own worker may be stuck in it still.
///
/// It never fails: what finds no room is settled as refused. cancel() and
/// abandon() of a job that waits here take it out, and it is settled as
/// dropped; those of one that is through go on to the inner executor.
///
/// Thread rule: the loop's thread; the destructor may also be called by
/// another when the loop does not run. Reactor and inner executor must
/// outlive it; the reactor keeps a descriptor for each that was ever made on
/// it, so make it once. When it is destroyed, what waits here is settled as
/// dropped, in the reactor's next tick; what is through is settled by the inner
/// executor. A callback may destroy it.
class Turnstile : public Executor {
 public:
  ~Turnstile() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;

  /// How many jobs wait here; those that wait further in are not counted.
  std::size_t waiting() const { return waiting_; }

  /// How many have been refused here for want of room.
  std::uint64_t refused() const { return refused_; }

 protected:
  using GroupId = std::uint64_t;

  /// What holds for a job that is submitted now.
  struct Rule {
    GroupId group = 0;        ///< 0: of no group, it goes through at once
    std::size_t at_once = 1;  ///< the same for all jobs of a group
    bool room = true;         ///< whether it may wait, if it has to
  };

  /// How a group is doing.
  struct Crowd {
    std::size_t through = 0;
    std::size_t waiting = 0;
  };
  Crowd crowd(GroupId group) const;

  Turnstile(Reactor& reactor, Executor& inner);

 private:
  /// A group exists while it has jobs.
  struct Group {
    std::size_t at_once = 0;
    std::size_t through = 0;
    std::map<JobId, Job> waiting;  ///< in the order of their submission
  };
  /// Where a job is that has not been settled.
  struct Place {
    GroupId group = 0;
    JobId inner = 0;  ///< 0: it waits
  };

  virtual Rule rule_for(const Job& job) const = 0;

  void let_through(JobId id, Job job);
  void came_out(JobId id);
  Job take_out(JobId id);
  void settle_later(Job job, Fate fate);

  Reactor& reactor_;
  Executor& inner_;
  Mailbox next_tick_;
  std::shared_ptr<Turnstile*> self_;  ///< points to null when this is gone
  std::map<JobId, Place> jobs_;
  std::map<GroupId, Group> groups_;
  JobId last_id_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t refused_ = 0;
};

}  // namespace rp
