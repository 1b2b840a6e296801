#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "reactor/child_process.h"
#include "reactor/function.h"
#include "reactor/reactor.h"

namespace rp {

/// Why a job has no answer: its worker is gone, or could not be started.
///
///     worker crashy (pid 123) was killed by signal 11 (SIGSEGV)
///     worker crashy (pid 123) ended with status 3
///     worker nosuch (pid 123) cannot be started: nosuch: No such file or ...
///     worker chatty (pid 123) was ended: it wrote what nobody had asked for
///
/// Thread rule: a value; any thread.
class WorkerLost : public std::runtime_error {
 public:
  /// `why` is for a child that had to be ended; "": its exit says enough.
  WorkerLost(const std::string& name, pid_t pid, const ChildExit& exit,
             const std::string& why);

  /// Nothing could be started: no launcher, no descriptors, no processes.
  WorkerLost(const std::string& name, const std::system_error& error);

  int signal() const noexcept { return signal_; }  ///< 0: none killed it
  int status() const noexcept { return status_; }

  /// The errno for which it could not be started; 0: it ran.
  int start_error() const noexcept { return start_error_; }

 private:
  int signal_ = 0;
  int status_ = 0;
  int start_error_ = 0;
};

/// One child that reads a line and answers a line.
///
///     ProcessWorker worker{reactor, options, std::move(events)};
///     worker.ask("97");  // then events.answered("97: 97"), or events.ended
///
/// Whatever else it does ends it: a line that was not asked for, one that is
/// too long, the end of its output. (Two lines to one question can be told
/// apart from two answers only while no second question is out.) What it says
/// on its standard error is passed on a line at a time.
///
/// Ownership: its handlers live on the reactor, in the background, and end with
/// this object, which kills and reaps the child. Thread rule: the loop's.
class ProcessWorker {
 public:
  struct Options {
    std::vector<std::string> command;
    std::string name;            ///< for errors and error lines
    std::size_t longest_answer;  ///< bytes, without the newline
  };

  /// What it tells, never inside a call of its own.
  struct Events {
    /// The answer; it is free again, unless it wrote more than that.
    Function<void(std::string line)> answered;
    /// A line of its standard error (see ErrorLines): "name[pid] text". This
    /// may destroy it.
    Function<void(std::string_view line)> error_line;
    /// It was reaped. Told once, and last: this may destroy it.
    Function<void(const WorkerLost& why)> ended;
  };

  /// Starts the child; throws what ChildProcess throws.
  ProcessWorker(Reactor& reactor, const Options& options, Events events);
  ProcessWorker(const ProcessWorker&) = delete;
  ProcessWorker& operator=(const ProcessWorker&) = delete;
  ~ProcessWorker();

  /// Sends a line, without its newline. Only when free().
  void ask(std::string_view line);

  /// It lives, owes no answer, and is not about to end. (Its stream may have
  /// failed in this tick, which is told at the end of the tick.)
  bool free() const {
    return child_ && !asked_ && !ending_ && reactor_.find(stream_) != nullptr;
  }

  /// It was told to end, or its output has ended.
  bool ending() const { return ending_; }

  /// SIGKILL to its group; its end is told when it was reaped.
  void kill();

  /// The end of a run takes timers away; this one goes on in the next.
  void renew_timer();

  /// It was killed by us, for its faults or by kill().
  bool killed() const { return killed_; }

  pid_t pid() const { return pid_; }

 private:
  class Stream;

  void start(const std::vector<std::string>& command);
  HandleId add(std::unique_ptr<EventHandler> handler);
  template <class Handler>
  Handler* find(HandleId id) const;
  void close();
  void take_bytes(std::string_view bytes);
  void stream_ended();
  void end_for(const std::string& why);
  void child_ended(const ChildExit& exit);

  Reactor& reactor_;
  const std::string name_;
  const std::size_t longest_answer_;
  Events events_;
  std::shared_ptr<ProcessWorker*> self_;  ///< null when this object is gone
  HandleId child_;
  HandleId stream_;
  HandleId errors_;
  pid_t pid_ = 0;
  std::string answer_;  ///< what has come of it
  std::string why_;     ///< it has to end
  TimerId patience_;
  TimePoint patience_ends_{};
  bool asked_ = false;
  bool ending_ = false;
  bool killed_ = false;
};

}  // namespace rp
