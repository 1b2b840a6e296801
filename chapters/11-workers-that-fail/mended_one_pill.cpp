#include <atomic>
#include <cstdio>
#include <thread>
#include <vector>

#include "pool/batch.h"

// The pill that stays in the queue serves as many as come to it; and a batch
// has put it there itself, behind the last task.

constexpr int kWorkers = 4;

static void sum_by_queue() {
  rp::BlockingQueue<int> input{16};
  std::atomic<int> sum = 0;
  std::atomic<int> left = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < kWorkers; ++i) {
    workers.emplace_back([&] {
      while (auto task = input.pop()) sum += *task;
      ++left;
    });
  }
  for (int task = 1; task <= 8; ++task) input.push(int{task});
  input.poison();
  for (std::thread& worker : workers) worker.join();
  std::printf("by the queue: the sum is %d, %d of %d workers have left\n",
              sum.load(), left.load(), kWorkers);
}

static void sum_by_batch() {
  std::atomic<int> sum = 0;
  rp::Batch batch{{.parallelism = kWorkers}};
  batch.run(std::vector{1, 2, 3, 4, 5, 6, 7, 8},
            [&](int task) { sum += task; });
  const std::size_t started = batch.workers_started();
  std::printf("by a batch: the sum is %d, %zu of %zu workers have left\n",
              sum.load(), started - batch.stuck(), started);
}

int main() {
  sum_by_queue();
  sum_by_batch();
}
