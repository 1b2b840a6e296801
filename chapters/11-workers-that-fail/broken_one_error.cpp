#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// The plain poison pill, two workers, and a task that fails. Its worker is
// gone, as a process would be; the other does the rest alone. The producer
// gets fewer results than there were tasks, and never learns why.
//
// Promise: never prints "task 3"

static int double_of(int task) {
  if (task == 3) throw std::runtime_error("task 3 cannot be doubled");
  return 2 * task;
}

struct Queues {
  rp::BlockingQueue<int> input{8};
  rp::BlockingQueue<int> result{8};
};

static void work(Queues& queues) {
  try {
    while (auto task = queues.input.pop()) {
      queues.result.push(double_of(*task));
    }
  } catch (const std::exception&) {
    // Nobody is there to be told.
  }
}

int main() {
  Queues queues;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&queues] { work(queues); });
  }
  for (int task = 1; task <= 8; ++task) queues.input.push(int{task});
  queues.input.poison();
  for (std::thread& worker : workers) worker.join();

  std::printf("8 tasks, %zu results\n", queues.result.size());
  std::puts("no error is known");
}
