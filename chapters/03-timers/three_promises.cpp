#include <algorithm>
#include <iostream>
#include <string_view>

#include "reactor/clock.h"
#include "reactor/tick_trace.h"
#include "reactor/timer_queue.h"

// What a timer queue promises: ties keep their order, cancel works at once,
// and a repeating timer does not drift. The clock is our own, so each run
// prints the same, and a second takes no time.

using namespace std::chrono_literals;

class HandClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return now_; }
  void advance(rp::Duration step) { now_ += step; }
  void set(rp::TimePoint time) { now_ = std::max(now_, time); }

 private:
  rp::TimePoint now_{};
};

static HandClock clock_of_ours;
static rp::TimerQueue timers;
static std::uint64_t ticks = 0;

static rp::TimePoint in(rp::Duration wait) {
  return clock_of_ours.now() + wait;
}

static void run_pass(rp::TickTrace& trace) {
  timers.begin_pass(clock_of_ours.now());
  ++ticks;
  while (const auto id = timers.next_in_pass()) {
    const rp::TimePoint begin = clock_of_ours.now();
    timers.run_next();
    using std::chrono::duration_cast, std::chrono::microseconds;
    trace.record(
        {.time = duration_cast<microseconds>(begin.time_since_epoch()),
         .tick = ticks,
         .phase = "timers",
         .what = "timer",
         .id = id->slot + 1,  // 0 would mean none
         .length = duration_cast<microseconds>(clock_of_ours.now() - begin)});
  }
}

static rp::Task say(std::string_view what) {
  return [what] { std::cout << what << '\n'; };
}

static void keep_ties_in_order(rp::TickTrace& trace) {
  std::cout << "-- ties, one of which cancels the next\n";
  rp::TimerId third;
  timers.add(in(5ms), say("sooner"));
  timers.add(in(10ms), say("first"));
  timers.add(in(10ms), [&third] {
    timers.cancel(third);
    timers.add(in(-5ms), say("overdue"));
  });
  third = timers.add(in(10ms), say("never"));
  clock_of_ours.advance(5ms);
  run_pass(trace);
  timers.add(in(5ms), say("last"));
  clock_of_ours.advance(5ms);
  run_pass(trace);
  run_pass(trace);
}

static void stay_on_the_grid(rp::TickTrace& trace) {
  std::cout << "-- every 20 ms, with a body of 30 ms\n";
  const rp::TimePoint begin = clock_of_ours.now();
  timers.add_repeating(in(20ms), 20ms, [] { clock_of_ours.advance(30ms); });
  while (*timers.next_due() < begin + 200ms) {
    clock_of_ours.set(*timers.next_due());
    run_pass(trace);
  }
  std::cout << "skipped " << timers.skipped() << ", next due "
            << (*timers.next_due() - begin) / 1ms << " ms after the begin\n";
  clock_of_ours.advance(1s);
  run_pass(trace);
  std::cout << "after a second away: skipped " << timers.skipped() << '\n';
}

int main() {
  rp::TickTrace trace = rp::TickTrace::to(std::cout);
  keep_ties_in_order(trace);
  stay_on_the_grid(trace);
}
