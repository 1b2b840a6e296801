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

/// A child process; its pidfd becomes readable when it ends.
///
///     auto child = std::make_unique<ChildProcess>(
///         std::vector<std::string>{"sort", "-n"},
///         [](const ChildExit& exit) { puts(exit.text().c_str()); });
///     UniqueFd stream = child->take_stream();  // its input and its output
///     reactor.add(std::move(child), Interest::reading());
///
/// It is started by `rp_launcher`, a small program of ours beside the running
/// program or in ../libexec. It has a process group of its own, descriptors 0,
/// 1 and 2 and no other, no signal blocked, SIGPIPE and SIGXFSZ not ignored;
/// environment and folder are ours. Its standard input and output are one
/// socket (which cannot be opened as /dev/stdin).
///
/// kill() takes the whole group, and so does the child's own end. However we
/// die, the system kills the child (not what it has started).
///
/// Ownership: the reactor's. Its destructor kills and reaps: no zombie stays.
///
/// Thread rule: the loop's thread. A child dies with the *thread* that made it,
/// so that must be one that stays. Nobody else may reap it (`wait(-1)`); an
/// ignored SIGCHLD is set back to the default, and SA_NOCLDWAIT is cleared.
class ChildProcess : public EventHandler {
 public:
  using OnExit = Function<void(const ChildExit&)>;

  /// Starts `command`, a program and its arguments. Throws std::system_error
  /// when that fails: "start awk: launcher: looked for /a/rp_launcher and
  /// /libexec/rp_launcher: No such file or directory", "start awk: Too many
  /// open files"; std::invalid_argument for an empty command. That the program
  /// itself does not exist is known only later: then its exit says so.
  ///
  /// `exited` is called once when the child has ended and was reaped, and the
  /// handler has closed itself; uncalled if somebody else closed it first.
  ChildProcess(std::vector<std::string> command, OnExit exited);
  ~ChildProcess() override;

  /// Our end of its standard input and output: a Unix socket, non-blocking.
  UniqueFd take_stream() { return std::move(stream_); }

  /// A pipe: its standard error.
  UniqueFd take_errors() { return std::move(errors_); }

  /// The child's, and its group's; 0 when it was reaped.
  pid_t pid() const { return pid_; }

  /// Sends SIGKILL to the group. The exit is told as usual, a little later.
  void kill();

  /// Kills the group and reaps the child, at once; nothing is told.
  void end();

  int fd() const override { return pidfd_.get(); }
  void on_readable() override;

 private:
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
