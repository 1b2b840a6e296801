#include <cstdio>
#include <stdexcept>

#include "pool/batch.h"

// The task that fails, in a batch: its error comes to the caller with all
// that is known of it, and the other seven have their results.

static int double_of(int task) {
  if (task == 3) throw std::runtime_error("task 3 cannot be doubled");
  return 2 * task;
}

int main() {
  rp::Batch batch{{.parallelism = 2, .on_error = rp::OnError::keep_going}};
  const auto outcomes =
      batch.run(std::vector{1, 2, 3, 4, 5, 6, 7, 8}, double_of);

  for (const auto& outcome : outcomes) {
    if (outcome.ok()) {
      std::printf("%d\n", outcome.value());
    } else {
      std::printf("failed: %s\n", outcome.message().c_str());
    }
  }
  const rp::BatchError* error = batch.first_error();
  std::printf("%s: %s\n%s", error->type.c_str(), error->message.c_str(),
              error->trace.to_string().c_str());
}
