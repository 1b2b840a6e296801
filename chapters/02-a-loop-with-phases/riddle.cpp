#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/tick_trace.h"

// EventMachine's riddle: does this print "Hello world"?
//
//     EM.run { EM.add_timer(0) { puts "Hello world" }; EM.stop }
//
// A loop that checks for stop between its three phases has one answer. A line
// is an event (time tick phase lane what id length) and takes a microsecond.

class Loop {
 public:
  void add_timer(rp::Task callback) { timers_.push_back(std::move(callback)); }

  void stop() { stopped_ = true; }

  void run(rp::Task block) {
    block();
    while (tick()) {
    }
  }

 private:
  bool tick() {
    ++tick_;
    if (stop_was_called()) return false;
    trigger_time_based_events();

    if (stop_was_called()) return false;
    record("handles", "wait");

    if (stop_was_called()) return false;
    record("dead", "begin");
    return true;
  }

  bool stop_was_called() {
    record("stop?", "check");
    return stopped_;
  }

  // Serves what was set before the phase began; it runs to its end.
  void trigger_time_based_events() {
    record("timers", "begin");
    for (rp::Task& callback : std::exchange(timers_, {})) {
      record("timers", "timer");
      callback();
    }
  }

  void record(std::string_view phase, std::string_view what) {
    trace_.record(
        {.time = now_++, .tick = tick_, .phase = phase, .what = what});
  }

  rp::TickTrace trace_ = rp::TickTrace::to(std::cout);
  std::vector<rp::Task> timers_;
  std::chrono::microseconds now_{0};
  std::uint64_t tick_ = 0;
  bool stopped_ = false;
};

int main() {
  Loop first;
  first.run([&first] {
    first.add_timer([] { std::cout << "Hello world\n"; });
    first.stop();
  });
  std::cout << "-- and when the first of two timers stops it?\n";
  Loop second;
  second.run([&second] {
    second.add_timer([&second] { second.stop(); });
    second.add_timer([] { std::cout << "Hello world\n"; });
  });
}
