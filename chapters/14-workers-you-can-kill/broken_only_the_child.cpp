#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "reactor/socket.h"

// A worker is killed, as its number says, and reaped. But it was a shell, and
// what the shell has started goes on: it works for nobody, and holds the other
// end of our pipe. We read to the end of what the dead one said.
//
// Promise: does not end within 1 s

int main() {
  int ends[2];
  if (::pipe(ends) != 0) rp::throw_errno("pipe");
  const pid_t worker = ::fork();
  if (worker < 0) rp::throw_errno("fork");
  if (worker == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl("/bin/sh", "sh", "-c", "sleep 10 & echo started; wait", nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);

  char bytes[64];
  const ssize_t said = ::read(ends[0], bytes, sizeof bytes);
  std::printf("the worker says: %.*s", static_cast<int>(said), bytes);
  ::kill(worker, SIGKILL);
  ::waitpid(worker, nullptr, 0);
  std::puts("killed and reaped");
  std::fflush(stdout);

  while (::read(ends[0], bytes, sizeof bytes) > 0) {
  }
  std::puts("over");
}
