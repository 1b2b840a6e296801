#include <chrono>
#include <cstdio>
#include <latch>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// A time-out on the wait for a result, shorter than a task takes. The caller
// gives up at the first, with no results and no error; and because his
// workers refer to what is his he must wait for them all the same, much
// longer than he asked to.
//
// Promise: never prints "results: 6"

using namespace std::chrono_literals;
constexpr auto kTimeOut = 50ms;
constexpr auto kTask = 60ms;

struct Queues {
  rp::BlockingQueue<int> input{6};
  rp::BlockingQueue<int> result{6};
};

// Not one of them is over before the caller has given up, be his machine as
// busy as it may.
static int double_slowly(int task, std::latch& gave_up) {
  std::this_thread::sleep_for(kTask);
  gave_up.wait();
  return 2 * task;
}

int main() {
  Queues queues;
  std::latch gave_up{1};
  for (int task = 1; task <= 6; ++task) queues.input.push(int{task});
  queues.input.poison();
  rp::SteadyClock clock;
  const rp::TimePoint begin = clock.now();
  std::thread worker{[&] {
    while (auto task = queues.input.pop()) {
      queues.result.push(double_slowly(*task, gave_up));
    }
  }};

  std::vector<int> results;
  while (auto result = queues.result.pop_until(clock.now() + kTimeOut)) {
    results.push_back(*result);
  }
  gave_up.count_down();
  worker.join();

  const bool too_long = clock.now() - begin >= 6 * kTask;
  std::printf("results: %zu, after %s\n", results.size(),
              too_long ? "seven times the time-out" : "the time-out");
}
