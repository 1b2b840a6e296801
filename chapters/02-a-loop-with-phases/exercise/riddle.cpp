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

  // No riddle takes more than ten ticks.
  void run(rp::Task block) {
    block();
    while (tick() && tick_ < 10) {
    }
  }

 private:
  bool tick() {
    ++tick_;
    // Exercise 2.2: the three phases, each after a check for stop. False as
    // soon as a check says so, true when the whole tick was made.
    return false;
  }

  void trigger_time_based_events() {
    record("timers", "begin");
    // Exercise 2.2: record a timer and call it, for each that was set before
    // this phase began; one that is set meanwhile waits for the next tick.
  }

  void select_handles() { record("handles", "begin"); }

  void close_dead_connections() { record("dead", "begin"); }

  bool stop_was_called() {
    record("stop?", "check");
    return stopped_;
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

static void hello() { std::cout << "Hello world\n"; }

int main() {
  std::cout << "-- stop comes before the first tick\n";
  Loop first;
  first.run([&first] {
    first.add_timer(hello);
    first.stop();
  });
  std::cout << "-- the first of two timers stops the loop\n";
  Loop second;
  second.run([&second] {
    second.add_timer([&second] { second.stop(); });
    second.add_timer(hello);
  });
  std::cout << "-- a timer sets a timer, which stops the loop\n";
  Loop third;
  third.run([&third] {
    third.add_timer([&third] { third.add_timer([&third] { third.stop(); }); });
  });
}
