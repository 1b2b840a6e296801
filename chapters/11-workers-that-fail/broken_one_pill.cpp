#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <optional>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// The pill as an item like any other. Four workers, one pill: the first who
// takes it leaves, and has taken it from the others, who wait for ever.
// Chapter 10 knew it, and its pill stayed in the queue. It comes again because
// not all queues have such a pill: here each worker eats one, and whoever hires
// a worker has to add a pill.
//
// Promise: dies of SIGALRM

int main() {
  ::alarm(1);
  rp::BlockingQueue<std::optional<int>> input{16};
  std::atomic<int> sum = 0;
  std::atomic<int> left = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (auto task = *input.pop()) sum += *task;
      ++left;
      left.notify_one();
    });
  }

  for (int task = 1; task <= 8; ++task) input.push(task);
  input.push(std::nullopt);
  left.wait(0);

  std::puts("4 workers, 1 pill: 1 worker has left");
  std::fflush(stdout);
  for (std::thread& worker : workers) worker.join();
  std::printf("the sum is %d\n", sum.load());
}
