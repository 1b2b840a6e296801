#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "reactor/unique_fd.h"

// Ten workers are killed, and are dead. But nobody has asked how they ended,
// and until somebody does the system keeps a line for each.
//
// Promise: never prints "still in the list of processes: 0"

namespace {

pid_t start_worker() {
  char program[] = "sleep", time[] = "1000";
  char* const words[] = {program, time, nullptr};
  pid_t worker = 0;
  ::posix_spawnp(&worker, program, nullptr, nullptr, words, environ);
  return worker;
}

void kill_and_wait_for_the_death_of(pid_t worker) {
  const rp::UniqueFd pidfd{
      static_cast<int>(::syscall(SYS_pidfd_open, worker, 0))};
  ::kill(worker, SIGKILL);
  pollfd ended{.fd = pidfd.get(), .events = POLLIN, .revents = 0};
  ::poll(&ended, 1, 1000);
}

bool is_in_the_list(pid_t process) {
  return std::ifstream("/proc/" + std::to_string(process) + "/stat").good();
}

}  // namespace

int main() {
  std::vector<pid_t> workers;
  for (int i = 0; i < 10; ++i) workers.push_back(start_worker());
  for (const pid_t worker : workers) kill_and_wait_for_the_death_of(worker);
  const auto left =
      std::count_if(workers.begin(), workers.end(), is_in_the_list);
  std::printf("killed: %zu\n", workers.size());
  std::printf("still in the list of processes: %d\n", static_cast<int>(left));
}
