#include <chrono>
#include <cstdio>

#include "reactor/mailbox.h"
#include "reactor/reactor.h"

// A task that posts itself again and again does not keep the loop for itself:
// what it posts waits for the next tick, and the timers come in between.

struct Repeater {
  void post() {
    loop.post([this] {
      std::printf("task %d, in tick %d\n", ++count,
                  static_cast<int>(reactor.stats().ticks));
      if (count < 3) post();
    });
  }

  rp::Reactor& reactor;
  rp::Mailbox loop;
  int count = 0;
};

int main() {
  rp::Reactor reactor;
  Repeater repeater{reactor, rp::Mailbox(reactor)};
  reactor.run([&] {
    repeater.post();
    reactor.run_after(std::chrono::milliseconds(0), [&] {
      std::printf("timer, in tick %d\n",
                  static_cast<int>(reactor.stats().ticks));
      reactor.run_after(std::chrono::milliseconds(50), [&] { reactor.stop(); });
    });
  });
}
