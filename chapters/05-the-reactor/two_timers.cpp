#include <chrono>
#include <iostream>

#include "reactor/reactor.h"

// Two timers are due in one tick, and the first stops the loop. A phase that
// has begun runs to its end: the second fires, and no handle is served. The
// line at the end is what the loop was asked before it left.

int main() {
  rp::Reactor reactor;
  rp::TickTrace trace([](const rp::TraceEvent& event) {
    std::cout << event.tick << ' ' << event.phase << ' ' << event.what << '\n';
  });
  reactor.set_trace(&trace);
  reactor.run([&reactor] {
    const auto due = reactor.now();
    reactor.run_at(due, [&reactor] {
      std::cout << "the first timer stops the loop\n";
      reactor.stop();
    });
    reactor.run_at(due, [] { std::cout << "the second timer fires\n"; });
  });
}
