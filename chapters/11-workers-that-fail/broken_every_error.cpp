#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// The plain poison pill, two workers, and tasks that all fail. After two of
// them no worker is left, and the producer waits for a first result for ever.
// An alarm stands in for the person who would end it.
//
// Promise: dies of SIGALRM

static int double_of(int task) {
  throw std::runtime_error(std::to_string(task) + " cannot be doubled");
}

struct Queues {
  rp::BlockingQueue<int> input{6};
  rp::BlockingQueue<int> result{6};
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
  ::alarm(1);
  Queues queues;
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i) {
    workers.emplace_back([&queues] { work(queues); });
  }
  for (int task = 1; task <= 6; ++task) queues.input.push(int{task});
  queues.input.poison();
  for (std::thread& worker : workers) worker.join();

  std::printf("both workers are gone, %zu tasks are not\n",
              queues.input.size());
  std::puts("the producer waits for the first of 6 results");
  std::fflush(stdout);
  for (int i = 1; i <= 6; ++i) {
    std::printf("result %d: %d\n", i, *queues.result.pop());
  }
}
