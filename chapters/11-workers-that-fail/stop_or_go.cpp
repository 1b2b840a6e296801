#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

#include "pool/batch.h"

// One worker, five tasks, three batches: one that stops, one that goes on,
// one with a bound on each task and nobody to replace who is stuck.

using namespace std::chrono_literals;

class HandClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return rp::TimePoint{time_.load()}; }
  void advance(rp::Duration step) { time_ = time_.load() + step; }

 private:
  std::atomic<rp::Duration> time_{rp::Duration{1}};
};

static int third_fails(int task) {
  if (task == 2) throw std::runtime_error("2 does not work");
  return task;
}

template <class Action>
static void run(rp::Batch& batch, Action action) {
  try {
    batch.run(std::vector{0, 1, 2, 3, 4}, action,
              [](std::size_t task, const rp::Outcome<int>& outcome) {
                const auto fate = rp::to_string(outcome.fate());
                std::printf("%zu %.*s\n", task, static_cast<int>(fate.size()),
                            fate.data());
              });
    std::puts("run() returned");
  } catch (const std::exception& error) {
    std::printf("run() threw: %s\n", error.what());
  }
  for (const std::size_t task : batch.unfinished()) {
    std::printf("unfinished: %zu\n", task);
  }
}

int main() {
  std::puts("-- stop");
  rp::Batch stops{{.parallelism = 1, .on_error = rp::OnError::stop}};
  run(stops, third_fails);

  std::puts("-- keep going");
  rp::Batch goes{{.parallelism = 1, .on_error = rp::OnError::keep_going}};
  run(goes, third_fails);

  std::puts("-- keep going, task 1 is stuck");
  HandClock clock;
  rp::Batch bounded({.parallelism = 1,
                     .on_error = rp::OnError::keep_going,
                     .task_limit = 1ms,
                     .stuck = 0},
                    clock);
  std::latch over{1};
  run(bounded, [&](int task) {
    if (task != 1) return task;
    clock.advance(1ms);
    over.wait();
    return task;
  });
  over.count_down();
  while (bounded.stuck() > 0) std::this_thread::yield();
}
