#include "tests/support/children.h"

#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iterator>

#include "reactor/socket.h"

namespace rp {

Command shell(const std::string& script) { return {"sh", "-c", script}; }

bool has_children() {
  siginfo_t info = {};
  const int what = WEXITED | WNOHANG | WNOWAIT;
  return ::waitid(P_ALL, 0, &info, what) == 0 || errno != ECHILD;
}

// The one that reads the folder is counted each time.
std::size_t open_descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

Watched::Watched(pid_t pid)
    : pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
  if (!pidfd_) throw_errno("watch process " + std::to_string(pid));
}

bool Watched::ends() const {
  pollfd ended{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&ended, 1, 30'000) == 1;
}

}  // namespace rp
