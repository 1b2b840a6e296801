#include "tests/bench/server_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "reactor/socket.h"

namespace rp {

ServerProcess::ServerProcess(const std::function<void(int)>& serve) {
  const UniqueFd listening = listen_on(Address::ip("127.0.0.1", 0), 4096);
  port_ = local_address(listening.get()).port();
  child_ = ::fork();
  if (child_ < 0) throw_errno("fork a server");
  if (child_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  serve(listening.get());
  ::_exit(0);
}

ServerProcess::~ServerProcess() {
  ::kill(child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::chrono::nanoseconds ServerProcess::cpu_time() const {
  clockid_t clock{};
  const int error = ::clock_getcpuclockid(child_, &clock);
  if (error != 0) throw_errno("clock of the server", error);
  timespec spent{};
  if (::clock_gettime(clock, &spent) < 0) throw_errno("clock_gettime");
  return std::chrono::seconds(spent.tv_sec) +
         std::chrono::nanoseconds(spent.tv_nsec);
}

}  // namespace rp
