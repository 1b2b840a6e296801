#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "pool/batch.h"

// The tasks, the worker and the times of broken_time_out, but one bound on the
// whole. One that suffices brings all results. One that does not ends the run
// when it passes, whatever the tasks do, and names those that are unfinished.
// The worker, left alone in a task, refers to nothing that is the caller's.

using namespace std::chrono_literals;
constexpr auto kLimit = 50ms;
constexpr auto kTask = 60ms;

// Not one of them is over before the caller has given up, be his machine as
// busy as it may.
static int double_slowly(int task, std::latch& gave_up) {
  std::this_thread::sleep_for(kTask);
  gave_up.wait();
  return 2 * task;
}

static void run(rp::Duration limit,
                const std::shared_ptr<std::latch>& gave_up) {
  rp::Batch batch{{.parallelism = 1, .limit = limit}};
  try {
    const auto outcomes = batch.run(
        std::vector{1, 2, 3, 4, 5, 6},
        [gave_up](int task) { return double_slowly(task, *gave_up); });
    std::printf("results: %zu\n", outcomes.size());
  } catch (const rp::BatchExpired& error) {
    std::printf("stopped: %s\n", error.what());
  }
}

// Task 3 ends when it is asked to, which is at the bound; the others at once.
static int wait_in_task_3(int task, std::stop_token token) {
  std::latch asked{1};
  const std::stop_callback stop{token, [&asked] { asked.count_down(); }};
  if (task == 3) asked.wait();
  return 2 * task;
}

static void run_all_but_one() {
  rp::Batch batch{
      {.parallelism = 4, .on_error = rp::OnError::keep_going, .limit = 1s}};
  std::size_t number = 0;
  for (const auto& outcome :
       batch.run(std::vector{0, 1, 2, 3}, wait_in_task_3)) {
    std::printf("task %zu: %s\n", number++,
                outcome.ok() ? "finished" : outcome.message().c_str());
  }
}

int main() {
  run(1h, std::make_shared<std::latch>(0));
  const auto gave_up = std::make_shared<std::latch>(1);
  run(kLimit, gave_up);
  gave_up->count_down();
  run_all_but_one();

  // A worker may be in its task still.
  std::fflush(stdout);
  std::quick_exit(0);
}
