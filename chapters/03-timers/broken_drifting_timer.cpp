#include <iostream>
#include <utility>

#include "reactor/clock.h"
#include "reactor/function.h"

// A periodic timer as many are written: call the body, then ask for the next
// call at "now + period". The time that the body took is lost for good, each
// time, and nobody counts it. The clock is ours, so the hour below takes no
// time, and every run prints the same.
//
// Promise: never prints "180000 beats of 180000"

using namespace std::chrono_literals;

class HandClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return now_; }
  void advance(rp::Duration step) { now_ += step; }
  void set(rp::TimePoint time) { now_ = time; }

 private:
  rp::TimePoint now_{};
};

class PeriodicTimer {
 public:
  PeriodicTimer(rp::Clock& clock, rp::Duration period, rp::Task body)
      : clock_(clock),
        period_(period),
        body_(std::move(body)),
        due_(clock.now() + period) {}

  rp::TimePoint due() const { return due_; }

  void fire() {
    body_();
    due_ = clock_.now() + period_;
  }

 private:
  rp::Clock& clock_;
  rp::Duration period_;
  rp::Task body_;
  rp::TimePoint due_;
};

static int beats_until(rp::TimePoint end, rp::Duration body, bool print) {
  HandClock clock;
  PeriodicTimer timer(clock, 20ms, [&] { clock.advance(body); });
  int beats = 0;
  while (timer.due() <= end) {
    clock.set(timer.due());
    ++beats;
    if (print) {
      std::cout << "  beat " << beats << ": wanted at " << 20 * beats
                << " ms, came at " << clock.now().time_since_epoch() / 1ms
                << " ms\n";
    }
    timer.fire();
  }
  return beats;
}

int main() {
  std::cout << "every 20 ms, with a body of 30 ms:\n";
  beats_until(rp::TimePoint{200ms}, 30ms, true);
  std::cout << "every 20 ms, with a body of 1 ms, for an hour:\n  "
            << beats_until(rp::TimePoint{1h}, 1ms, false)
            << " beats of 180000\n";
}
