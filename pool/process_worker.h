#pragma once

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
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
class WorkerLost : public std::runtime_error {
 public:
  WorkerLost(const std::string& what, const ChildExit& exit)
      : std::runtime_error(what), exit_(exit) {}

  int signal() const noexcept { return exit_.signal; }  ///< 0: none killed it
  int status() const noexcept { return exit_.status; }

  /// The errno for which it could not be started; 0: it ran.
  int start_error() const noexcept { return exit_.start_error; }

 private:
  ChildExit exit_;
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
    /// A line of its standard error: "name[pid] text", control bytes as \xNN,
    /// in pieces of 4,096 bytes.
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

  /// It lives, owes no answer, and has not been told to end.
  bool free() const { return !asked_ && !ending_; }

  /// SIGKILL to its group. `why` is told with its end ("" tells the signal).
  void kill(const std::string& why = {});

  pid_t pid() const { return pid_; }

 private:
  class Stream;
  class Errors;

  void take_bytes(std::string_view bytes);
  void end_for(const std::string& why);
  void child_ended(const ChildExit& exit);
  std::string what_happened(const ChildExit& exit) const;
  template <class Handler>
  Handler* find(HandleId id) const;

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
  std::string why_;
  bool asked_ = false;
  bool ending_ = false;
};

}  // namespace rp
