#include <algorithm>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "reactor/child_process.h"
#include "reactor/reactor.h"

// The loop sees each death, because a process has a descriptor too, and asks
// how it was. Nothing is left of the ten.

namespace {

pid_t start_and_kill_a_worker(rp::Reactor& reactor, int& alive) {
  ++alive;
  auto worker = std::make_unique<rp::ChildProcess>(
      std::vector<std::string>{"sleep", "1000"}, [&](const rp::ChildExit&) {
        if (--alive == 0) reactor.stop();
      });
  const pid_t pid = worker->pid();
  worker->kill();
  reactor.add(std::move(worker), rp::Interest::reading());
  return pid;
}

bool is_in_the_list(pid_t process) {
  return std::ifstream("/proc/" + std::to_string(process) + "/stat").good();
}

}  // namespace

int main() {
  rp::Reactor reactor;
  std::vector<pid_t> workers;
  int alive = 0;
  while (alive < 10) {
    workers.push_back(start_and_kill_a_worker(reactor, alive));
  }
  reactor.run();
  const auto left =
      std::count_if(workers.begin(), workers.end(), is_in_the_list);
  std::printf("killed: %zu\n", workers.size());
  std::printf("still in the list of processes: %d\n", static_cast<int>(left));
}
