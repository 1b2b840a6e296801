#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "pool/executor.h"
#include "reactor/reactor.h"

namespace rp {

/// An executor without threads: each job is an event on the reactor's timers,
/// with a length and an end that were written down before.
///
///     SimExecutor executor(reactor, {.workers = 2, .capacity = 8});
///     executor.script({.length = 20ms});                      // the first job
///     executor.script({.end = SimExecutor::End::hangs});      // the second
///     executor.submit(...);
///
/// It has the queue, the workers and the contract of a pool: jobs enter the
/// queue when the phase ends and start in order. A job's work is called when
/// its length is over, on the loop's thread. An abandoned job frees its
/// worker at once and, unless it hangs, is still called at its end: a late
/// result, which must reach nobody.
///
/// Thread rule: the loop's thread. Jobs that are open when it is destroyed
/// are never settled; timers that are left must not run.
class SimExecutor : public Executor {
 public:
  enum class End : std::uint8_t {
    returns,  ///< the work is called
    throws,   ///< std::runtime_error("scripted"); the work is not called
    hangs,    ///< it never ends by itself
  };
  struct Script {
    Duration length = std::chrono::milliseconds(1);
    End end = End::returns;
    bool heeds_token = false;  ///< asked to stop, it ends at once
  };
  struct Options {
    std::size_t workers = 1;
    std::size_t capacity = 1024;
  };

  SimExecutor(Reactor& reactor, Options options)
      : reactor_(reactor), options_(options) {}

  /// For the first job to be submitted that has none yet. Without one a job
  /// returns after a millisecond.
  void script(Script script) { scripts_.push_back(script); }

  /// For all jobs of this kind; they take none of the others. For jobs that
  /// reach it in an order that is not the test's.
  void script(std::string kind, Script script) {
    scripts_of_kinds_[std::move(kind)] = script;
  }

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override;
  void abandon(JobId id) override;

  std::size_t waiting() const { return waiting_.size(); }
  std::size_t running() const { return running_.size(); }

  /// How many workers have been retired so far.
  std::size_t retired() const { return retired_; }

 private:
  struct SimJob {
    JobId id = 0;
    Job job;
    Script script;
    std::stop_source stop;
    TimerId timer;
    bool abandoned = false;
  };
  using JobPtr = std::shared_ptr<SimJob>;

  Script script_for(const std::string& kind);
  void start_some();
  void finish(const JobPtr& job);
  void settle_later(SimJob& job, Fate fate);
  bool withdraw(JobId id);

  Reactor& reactor_;
  const Options options_;
  std::deque<Script> scripts_;
  std::map<std::string, Script> scripts_of_kinds_;
  std::deque<JobPtr> waiting_;
  std::map<JobId, JobPtr> running_;
  std::size_t retired_ = 0;
  JobId last_id_ = 0;
};

}  // namespace rp
