#include <chrono>
#include <cstdio>
#include <latch>

#include "pool/batch.h"

// One bound on the whole. Task 4 never ends by itself: at the bound it is
// asked to, the run ends whatever it does, and names it.

using namespace std::chrono_literals;

static int double_or_wait(int task, std::stop_token token) {
  std::latch asked{1};
  std::stop_callback stop{token, [&asked] { asked.count_down(); }};
  if (task == 4) asked.wait();
  return 2 * task;
}

int main() {
  const std::vector tasks{1, 2, 3, 4};
  rp::Batch patient{
      {.parallelism = 4, .on_error = rp::OnError::keep_going, .limit = 1s}};
  std::size_t number = 0;
  for (const auto& outcome : patient.run(tasks, double_or_wait)) {
    std::printf("task %zu: %s\n", number++,
                outcome.ok() ? "finished" : outcome.message().c_str());
  }

  rp::Batch strict{{.parallelism = 4, .limit = 50ms}};
  try {
    strict.run(std::vector{4}, double_or_wait);
  } catch (const rp::BatchExpired& error) {
    std::printf("stopped: %s\n", error.what());
  }
  while (patient.stuck() + strict.stuck() > 0) std::this_thread::yield();
}
