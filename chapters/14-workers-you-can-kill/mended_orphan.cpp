#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "reactor/child_process.h"
#include "reactor/socket.h"
#include "reactor/unique_fd.h"

// The same, with a worker that the launcher has started: it asked the system
// for its own death at the death of its parent, however that comes.

namespace {

[[noreturn]] void be_the_server(int output) {
  const rp::ChildProcess worker({"sleep", "1000"}, {});
  const pid_t pid = worker.pid();
  const bool told = ::write(output, &pid, sizeof pid) > 0;
  while (told) ::pause();
  ::_exit(1);
}

bool ends_within_a_second(pid_t process) {
  const rp::UniqueFd pidfd{
      static_cast<int>(::syscall(SYS_pidfd_open, process, 0))};
  pollfd ended{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
  return !pidfd || ::poll(&ended, 1, 1000) == 1;
}

}  // namespace

int main() {
  int ends[2];
  if (::pipe(ends) < 0) rp::throw_errno("pipe");
  const pid_t server = ::fork();
  if (server == 0) be_the_server(ends[1]);
  pid_t worker = 0;
  if (::read(ends[0], &worker, sizeof worker) < 0) rp::throw_errno("read");

  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  std::puts("the server was killed");
  if (ends_within_a_second(worker)) {
    std::puts("the worker went with it");
  } else {
    std::puts("the worker lives on");
    ::kill(worker, SIGKILL);
  }
}
