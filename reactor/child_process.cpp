#include "reactor/child_process.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "reactor/launch.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"

namespace rp {

namespace {

constexpr int kUnknown = -1;

std::string name_of(int signal) {
  const char* name = ::sigabbrev_np(signal);
  const std::string number = std::to_string(signal);
  return name != nullptr ? number + " (SIG" + name + ")" : number;
}

struct TwoEnds {
  UniqueFd ours;
  UniqueFd theirs;
};

// Ours does not block, theirs does: programs expect that.
TwoEnds join(int result, const int (&ends)[2], const std::string& what) {
  if (result < 0) throw_errno(what);
  TwoEnds two{UniqueFd(ends[0]), UniqueFd(ends[1])};
  set_blocking(two.ours.get(), false);
  return two;
}

TwoEnds make_stream(const std::string& what) {
  int ends[2];
  const int type = SOCK_STREAM | SOCK_CLOEXEC;
  return join(::socketpair(AF_UNIX, type, 0, ends), ends, what + ": socket");
}

TwoEnds make_pipe(const std::string& what) {
  int ends[2];
  return join(::pipe2(ends, O_CLOEXEC), ends, what + ": pipe");
}

// An ignored SIGCHLD may be inherited; with it, or with SA_NOCLDWAIT, the
// system reaps by itself, and a number of ours could be somebody else's by the
// time we kill it.
void let_children_be_reaped() {
  struct sigaction now = {};
  ::sigaction(SIGCHLD, nullptr, &now);
  const bool ignored = now.sa_handler == SIG_IGN;
  if (!ignored && (now.sa_flags & SA_NOCLDWAIT) == 0) return;
  if (ignored) now.sa_handler = SIG_DFL;
  now.sa_flags &= ~SA_NOCLDWAIT;
  ::sigaction(SIGCHLD, &now, nullptr);
}

// The member of a group that is a zombie keeps the group's number ours.
void kill_group(pid_t leader) {
  ::kill(-leader, SIGKILL);
  ::kill(leader, SIGKILL);
}

ChildExit wait_for(pid_t pid) {
  siginfo_t info = {};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED);
  } while (result < 0 && errno == EINTR);

  ChildExit exit;
  if (result < 0) {
    exit.status = kUnknown;
  } else if (info.si_code == CLD_EXITED) {
    exit.status = info.si_status;
  } else {
    exit.signal = info.si_status;
  }
  return exit;
}

}  // namespace

std::string ChildExit::text() const {
  if (start_error != 0) {
    return "cannot be started: " + program + ": " +
           std::generic_category().message(start_error);
  }
  if (signal != 0) return "was killed by signal " + name_of(signal);
  if (status == kUnknown) return "ended, and somebody else reaped it";
  return "ended with status " + std::to_string(status);
}

ChildProcess::ChildProcess(std::vector<std::string> command, OnExit exited)
    : exited_(std::move(exited)) {
  if (command.empty()) throw std::invalid_argument("a child has no command");
  program_ = command.front();
  const std::string what = "start " + program_;
  // In this order: the lowest free number is given first, so that launch()
  // fills none in the child that it still needs, also if ours are closed.
  TwoEnds stream = make_stream(what);
  TwoEnds errors = make_pipe(what);
  TwoEnds status = make_pipe(what);
  let_children_be_reaped();
  pid_ = launch(
      command, {stream.theirs.get(), errors.theirs.get(), status.theirs.get()});
  pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  if (!pidfd_) {
    const int number = errno;
    end();
    throw_errno(what + ": pidfd", number);
  }
  stream_ = std::move(stream.ours);
  errors_ = std::move(errors.ours);
  status_ = std::move(status.ours);
}

ChildProcess::~ChildProcess() { end(); }

void ChildProcess::kill() {
  if (pid_ != 0) kill_group(pid_);
}

void ChildProcess::end() {
  exited_.reset();
  if (pid_ != 0) reap();
}

void ChildProcess::on_readable() {
  const ChildExit exit = reap();
  reactor().close(id());
  if (OnExit exited = std::move(exited_)) exited(exit);
}

// What the child has left in its group goes first: once it is reaped, its
// number may be another's.
ChildExit ChildProcess::reap() {
  kill_group(pid_);
  ChildExit exit = wait_for(std::exchange(pid_, 0));
  exit.program = program_;
  int number = 0;
  const auto size = static_cast<ssize_t>(sizeof number);
  if (::read(status_.get(), &number, sizeof number) == size) {
    exit.start_error = number;
  }
  return exit;
}

}  // namespace rp
