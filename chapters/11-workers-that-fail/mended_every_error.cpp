#include <cstdio>
#include <stdexcept>
#include <string>

#include "pool/batch.h"

// Tasks that all fail, in two batches. The one that keeps going has an
// outcome for each; the one that stops throws the first error.

static int double_of(int task) {
  throw std::runtime_error(std::to_string(task) + " cannot be doubled");
}

int main() {
  const std::vector tasks{1, 2, 3, 4, 5, 6};
  rp::Batch going{{.parallelism = 2, .on_error = rp::OnError::keep_going}};
  for (const auto& outcome : going.run(tasks, double_of)) {
    std::printf("failed: %s\n", outcome.message().c_str());
  }
  std::printf("workers: %zu\n", going.workers_started());

  rp::Batch stopping{{.parallelism = 1, .on_error = rp::OnError::stop}};
  try {
    stopping.run(tasks, double_of);
  } catch (const std::runtime_error& error) {
    std::printf("stopped: %s, %zu tasks were not finished\n", error.what(),
                stopping.unfinished().size());
  }
}
