#pragma once

#include <gtest/gtest.h>

#include <string>

#include "reactor/timer_queue.h"
#include "tests/support/fake_clock.h"

namespace rp {

/// A timer queue, a clock that stands still, and a list of what has fired.
///
///     timers_.add(in(20ms), note("a"));
///     run_pass_after(20ms);
///     EXPECT_EQ(fired_, "a");
class TimerFixture : public ::testing::Test {
 protected:
  TimePoint in(Duration wait) { return clock_.now() + wait; }

  /// A callback that writes its name down.
  Task note(const std::string& name) {
    return [this, name] { fired_ += name; };
  }

  void run_pass() {
    timers_.begin_pass(clock_.now());
    while (timers_.next_in_pass()) timers_.run_next();
  }

  void run_pass_after(Duration wait) {
    clock_.advance(wait);
    run_pass();
  }

  FakeClock clock_;
  TimerQueue timers_;
  std::string fired_;
};

}  // namespace rp
