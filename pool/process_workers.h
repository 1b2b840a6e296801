#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "pool/executor.h"
#include "pool/outcome.h"
#include "pool/process_worker.h"
#include "reactor/histogram.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"

namespace rp {

/// A fixed number of child processes: for work that may crash or never end.
/// Any program will do that reads a line and answers a line.
///
///     ProcessWorkers workers{reactor, {.command = {"./primes.py"}}};
///     workers.submit("97", [](Outcome<std::string> outcome) {
///       puts(outcome.ok() ? outcome.value().c_str()
///                         : outcome.message().c_str()); }, 2s);
///
/// A child has one job at a time. The fates of a job:
/// - *finished*: the line that the child answered;
/// - *failed*: the child ended first (WorkerLost says how), or none can be
///   started, or its line is no answer (what `check` threw), or the job's line
///   holds a newline (std::invalid_argument);
/// - *expired*: its deadline passed. It counts from submit(), waiting
///   included, and is told in the tick that finds it passed. A job that still
///   waits is never started; the child of one that runs is killed, with all
///   its group, reaped and replaced;
/// - *refused*: `capacity` jobs wait already;
/// - *dropped*: cancelled, or this object ended.
///
/// A child that ends is replaced: at once if we killed it (deadline, cancel),
/// else after a pause, which doubles with each child in this place that ends
/// without having answered anything, and is forgotten with the next answer.
/// When a start fails (no launcher, no such program, no descriptors) and no
/// other child is left, the program cannot be started at all: then all that
/// waits fails, and so does each new job: at once while the next try is not
/// due, else with the try. With another child left the jobs are left to it. (A
/// program that starts and then dies is not such a one: each job fails that
/// reaches it.)
///
/// The children are background handlers: drain() does not wait for them. What
/// they write to their standard error goes a line at a time to `error_line`,
/// as "name[pid] text" (see ErrorLines), in pieces of 4,096 bytes; that may
/// destroy this object. By default it goes to our standard error, whose reader,
/// if he is slow, holds up the loop.
///
/// Thread rule: all on the loop's thread, which must stay for as long as the
/// children (see ChildProcess). The reactor must outlive this object, and keeps
/// a descriptor for each that was ever made on it: make it once.
class ProcessWorkers {
 public:
  using ErrorLine = Function<void(std::string_view)>;

  /// One place and its child.
  struct AtWork {
    std::size_t place = 0;  ///< from 0; stays when a child is replaced
    pid_t pid = 0;          ///< 0: the next child is not started yet
    JobId id = 0;           ///< 0: it has no job
    std::string kind;       ///< of the job, as it was submitted
    TimePoint since{};      ///< when the child was given the job
    bool ending = false;    ///< it is about to be replaced
  };
  using Left = Function<void(const AtWork&, Fate)>;

  struct Options {
    std::vector<std::string> command;
    std::size_t workers = 2;
    std::size_t capacity = 1024;          ///< jobs accepted and not started
    Duration deadline = Duration::max();  ///< of jobs that name none; max: none
    Duration first_pause = std::chrono::milliseconds(10);
    Duration longest_pause = std::chrono::seconds(5);
    std::size_t longest_answer = 4 * 1024 * 1024;  ///< bytes
    std::string name = {};      ///< default: the program's, without its folder
    ErrorLine error_line = {};  ///< default: our standard error
    /// Told when a child and its job part, by an answer (finished), by the
    /// child's end (failed), or because we killed it. It must not call this
    /// object.
    Left left = {};
  };

  /// Starts the children. Throws std::invalid_argument for no workers, no
  /// capacity or no command, std::system_error when a child cannot be started
  /// (see ChildProcess).
  ProcessWorkers(Reactor& reactor, Options options);
  ProcessWorkers(const ProcessWorkers&) = delete;
  ProcessWorkers& operator=(const ProcessWorkers&) = delete;

  /// Kills and reaps all children. The jobs are dropped: that is told in the
  /// reactor's next phase, or `done` is destroyed uncalled with the reactor.
  ~ProcessWorkers();

  using Done = Function<void(Outcome<std::string>)>;

  /// Throws for a line that is no answer to this job: a stray one, or that to
  /// the job before. Then the child is out of step: it is killed and replaced
  /// like one that has not answered, and the job fails with what was thrown.
  /// It is called before `done`, and must not call this object.
  using Check = Function<void(std::string_view line)>;

  /// Never fails and never calls `done` inside itself: each fate arrives
  /// through `done`, once, on the loop. `line` has no newline. Without `done`
  /// nobody is told; without `check` each line is an answer.
  /// `kind` is the sort of the job, for who looks at it.
  JobId submit(std::string line, Done done,
               std::optional<Duration> deadline = std::nullopt,
               Check check = {}, std::string kind = {});

  /// Drops a job: takes it out of the queue, or kills the child that has it
  /// (Cancelled::asked).
  Cancelled cancel(JobId id);

  /// A snapshot, for tests and status pages.
  struct Stats {
    std::size_t workers = 0;    ///< children that live and are to stay
    std::size_t waiting = 0;    ///< accepted and not started
    std::size_t running = 0;    ///< given to a child and not settled
    std::uint64_t started = 0;  ///< children, first and later ones
    std::uint64_t killed = 0;   ///< children, by us
    std::uint64_t submitted = 0;
    std::uint64_t settled[5] = {};  ///< by Fate
  };
  Stats stats() const;

  /// How long jobs waited for a child, and how long children took to answer.
  const Histogram& queue_wait() const { return queue_wait_; }
  const Histogram& run_time() const { return run_time_; }

  /// The process ids of the children that live, in no order.
  std::vector<pid_t> pids() const;

  /// Each place in which a child lives, and what that does.
  std::vector<AtWork> at_work() const;
  std::size_t capacity() const { return options_.capacity; }

 private:
  struct Entry {
    std::string line;
    Done done;
    Check check;
    std::string kind;
    TimePoint since{};             ///< submitted, then given to a child
    std::optional<TimePoint> due;  ///< none: no deadline
    TimerId timer;
  };

  /// Where one child after another lives.
  struct Place {
    std::unique_ptr<ProcessWorker> worker;  ///< none: it waits for its start
    JobId id = 0;  ///< what the worker does; 0: nothing
    Entry job;
    int deaths = 0;          ///< in a row, without an answer
    bool dismissed = false;  ///< we killed it, and not for its faults
    TimePoint start{};       ///< of the next, if there is no worker
    TimerId timer;
  };

  bool settled_at_once(Entry& job, Duration deadline);
  void set_timer(JobId id, Entry& job);
  Cancelled end_job(JobId id, Fate fate);
  void settle(Entry& job, Outcome<std::string> outcome);
  void settle(Entry& job, Fate fate);
  void fail(Entry& job, std::exception_ptr error);
  void give_out();
  void expire_first();
  JobId leave(Place& place, Fate fate);
  AtWork at_work(const Place& place) const;

  void start(Place& place);
  void start_again(Place& place);
  void could_not(Place& place, const std::system_error& error);
  void start_later(Place& place);
  void set_timer(Place& place);
  void answered(Place& place, std::string line);
  void ended(Place& place, const WorkerLost& why);
  void cannot_start(const WorkerLost& why);
  void keep_times_between_runs();
  void renew_timers();

  Reactor& reactor_;
  Options options_;
  Mailbox next_run_;
  std::shared_ptr<ProcessWorkers*> self_;  ///< null when this object is gone
  std::shared_ptr<ErrorLine> error_line_;  ///< outlives this in its own call
  std::map<JobId, Entry> waiting_;         ///< in the order of submission
  std::vector<Place> places_;
  std::exception_ptr cannot_start_;
  Stats stats_;
  Histogram queue_wait_;
  Histogram run_time_;
};

}  // namespace rp
