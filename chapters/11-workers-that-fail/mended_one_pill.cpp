#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "pool/batch.h"

// The pill that stays in the queue serves as many as come to it; and a batch
// has put it there itself, behind the last task.

static int sum_by_queue() {
  rp::BlockingQueue<int> input{16};
  std::atomic<int> sum = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      while (auto task = input.pop()) sum += *task;
    });
  }
  for (int task = 1; task <= 8; ++task) input.push(int{task});
  input.poison();
  for (std::thread& worker : workers) worker.join();
  return sum;
}

static int sum_by_batch() {
  std::atomic<int> sum = 0;
  rp::Batch batch{{.parallelism = 4}};
  batch.run(std::vector{1, 2, 3, 4, 5, 6, 7, 8},
            [&](int task) { sum += task; });
  return sum;
}

int main() {
  std::printf("by the queue: the sum is %d, all 4 have left\n", sum_by_queue());
  std::printf("by a batch: the sum is %d, all 4 have left\n", sum_by_batch());
}
