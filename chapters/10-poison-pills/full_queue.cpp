#include <cstdio>
#include <thread>
#include <vector>

#include "pool/blocking_queue.h"

// Who may wait pushes; who must not, the loop, tries. Many items go in
// together or not at all.
int main() {
  rp::BlockingQueue<int> queue{3};
  std::vector<int> batch{1, 2};
  std::printf("two together: %s\n",
              queue.try_push_all(batch) ? "taken" : "refused");

  batch = {3, 4};
  std::printf("two more: %s, %zu are queued\n",
              queue.try_push_all(batch) ? "taken" : "refused", queue.size());
  std::printf("one more: %s\n", queue.try_push(3) ? "taken" : "refused");
  std::printf("and one: %s\n", queue.try_push(4) ? "taken" : "refused");

  std::thread patient{[&] { queue.push(4); }};
  for (int i = 0; i < 4; ++i) std::printf("popped %d\n", *queue.pop());
  patient.join();
}
