#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// Three workers, a hundred jobs and one pill: the jobs are done first, and
// the pill, which nobody takes out, sends all three home.
int main() {
  rp::BlockingQueue<int> queue{8};
  std::atomic<int> sum = 0;
  std::atomic<int> left = 0;

  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&] {
      while (auto job = queue.pop()) sum += *job;
      ++left;
    });
  }

  for (int job = 1; job <= 100; ++job) queue.push(int{job});
  queue.poison();
  const bool taken = queue.push(101);
  for (std::thread& worker : workers) worker.join();

  std::printf("the jobs add up to %d\n", sum.load());
  std::printf("%d workers met the pill\n", left.load());
  std::printf("a job after the pill is %s\n", taken ? "taken" : "refused");
}
