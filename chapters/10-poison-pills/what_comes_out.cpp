#include <cstdio>
#include <optional>
#include <vector>

#include "pool/blocking_queue.h"

// A queue of four and one thread, which is producer and consumer, so that
// nobody has to wait. Two dismissals, one item that is taken out of turn, and
// the pill.

static void say(const char* what, std::optional<int> item) {
  if (item) {
    std::printf("%s: %d\n", what, *item);
  } else {
    std::printf("%s: nothing\n", what);
  }
}

int main() {
  rp::BlockingQueue<int> queue{4};
  const auto push = [&queue](int item) {
    const bool taken = queue.try_push(int{item});
    std::printf("push %d: %s\n", item, taken ? "taken" : "refused");
  };

  std::vector<int> three{1, 2, 3};
  queue.try_push_all(three);
  push(4);
  push(5);
  queue.dismiss(2);
  say("pop", queue.pop());
  const auto is_even = [](int item) { return item % 2 == 0; };
  say("take an even one", queue.take_if(is_even));
  push(6);
  say("pop", queue.pop());
  say("pop", queue.pop());
  queue.poison();
  push(7);
  say("pop", queue.pop());
  say("take an even one", queue.take_if(is_even));
  say("pop", queue.pop());
  say("pop", queue.pop());
}
