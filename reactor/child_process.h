#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/unique_fd.h"

namespace rp {

/// How a child came to its end.
struct ChildExit {
  int signal = 0;       ///< the signal that killed it; 0: none did
  int status = 0;       ///< what it ended with, when no signal did; -1: unknown
  int start_error = 0;  ///< the errno for which its program never ran
  std::string program;  ///< the first word of its command

  /// "was killed by signal 11 (SIGSEGV)", "ended with status 3", "cannot be
  /// started: nosuch: No such file or directory".
  std::string text() const;
};

/// A child process, seen by the loop: its pidfd becomes readable when it ends.
///
///     auto child = std::make_unique<ChildProcess>(
///         Strings{"awk", "{ print; fflush() }"},
///         [](const ChildExit& exit) { puts(exit.text().c_str()); });
///     UniqueFd stream = child->take_stream();  // its input and its output
///     reactor.add(std::move(child), Interest::reading());
///
/// It is started by `rp_launcher`, a small program of ours beside the running
/// program or in ../libexec. It has a process group of its own, descriptors 0,
/// 1 and 2 and no other, no signal blocked, SIGPIPE not ignored; environment
/// and folder are ours. Its standard input and output are the two directions
/// of one socket (which cannot be opened by the name /dev/stdin).
///
/// kill() takes the whole group, and so does the end of the child itself. If
/// we die, by whatever cause, the system kills the child (and not what the
/// child has started).
///
/// Ownership: the reactor owns it. Its destructor kills and reaps, and waits
/// for that: no zombie is left.
///
/// Thread rule: the loop's thread. A child dies with the *thread* that made it,
/// so that must be one that stays. Nobody else may reap it (`wait(-1)`); if
/// SIGCHLD is ignored, this class sets it back to the default.
class ChildProcess : public EventHandler {
 public:
  using OnExit = Function<void(const ChildExit&)>;

  /// Starts `command` (a program and its arguments). Throws std::system_error
  /// when that fails: "start awk: launcher: looked for /a/rp_launcher and
  /// /libexec/rp_launcher: No such file or directory", "start awk: Too many
  /// open files"; std::invalid_argument for an empty command. That the program
  /// itself does not exist is known only later: then its exit says so.
  ///
  /// `exited` is called once when the child has ended and was reaped, before
  /// the handler closes itself; if it is closed first, `exited` is destroyed
  /// uncalled.
  ChildProcess(std::vector<std::string> command, OnExit exited);
  ~ChildProcess() override;

  /// Our end of its standard input and output: a Unix socket, non-blocking,
  /// close-on-exec. Empty when it was taken before.
  UniqueFd take_stream() { return std::move(stream_); }

  /// Where its standard error can be read: a pipe, likewise.
  UniqueFd take_errors() { return std::move(errors_); }

  /// It names the child's process group too. 0 when it was reaped.
  pid_t pid() const { return pid_; }

  /// Sends SIGKILL to the group. The exit is told as usual, a little later.
  void kill();

  int fd() const override { return pidfd_.get(); }
  void on_readable() override;

 private:
  struct Ends;

  void start(const std::vector<std::string>& command, const Ends& ends);
  ChildExit reap();

  std::string program_;
  OnExit exited_;
  UniqueFd stream_;
  UniqueFd errors_;
  UniqueFd status_;  // the launcher's errno comes here, if it has one
  UniqueFd pidfd_;
  pid_t pid_ = 0;
};

}  // namespace rp
