#include <algorithm>
#include <iostream>
#include <utility>

#include "reactor/clock.h"
#include "reactor/tick_trace.h"
#include "reactor/timer_queue.h"

// Seven timers, six passes. Whose turn is it, and when? Write down what this
// prints before you run it: the id in the trace is the timer's number below.

using namespace std::chrono_literals;

static rp::TimePoint now;
static rp::TimerQueue timers;
static std::uint64_t tick = 0;

static rp::Task turn_of(std::uint64_t number, rp::Task body) {
  return [number, body = std::move(body)]() mutable {
    const rp::TimePoint begin = now;
    body();
    using std::chrono::duration_cast, std::chrono::microseconds;
    static rp::TickTrace trace = rp::TickTrace::to(std::cout);
    trace.record({.time = duration_cast<microseconds>(begin.time_since_epoch()),
                  .tick = tick,
                  .phase = "timers",
                  .what = "timer",
                  .id = number,
                  .length = duration_cast<microseconds>(now - begin)});
  };
}

static void nothing() {}

static void run_pass() {
  now = std::max(now, *timers.next_due());
  ++tick;
  timers.begin_pass(now);
  while (timers.next_in_pass()) timers.run_next();
}

int main() {
  const rp::TimePoint begin = now;
  rp::TimerId fourth;
  timers.add_repeating(begin + 10ms, 10ms, turn_of(1, nothing));
  timers.add(begin + 20ms, turn_of(2, [&fourth, begin] {
               timers.cancel(fourth);
               timers.add(begin + 5ms, turn_of(5, nothing));
             }));
  timers.add(begin + 20ms, turn_of(3, nothing));
  fourth = timers.add(begin + 20ms, turn_of(4, nothing));
  timers.add(begin + 25ms, turn_of(6, [] { now += 30ms; }));
  timers.add(begin + 30ms, turn_of(7, nothing));
  while (tick < 6) run_pass();
}
