#pragma once

#include <chrono>

namespace rp {

/// Time as the loop sees it: it never jumps when the calendar is set.
using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// Tells the time. Whoever needs the time is handed a clock or a TimePoint,
/// so that a test can own the passing of time.
///
///     SteadyClock clock;
///     TimePoint due = clock.now() + 20ms;
///
/// Thread rule: now() may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() = 0;
};

/// The machine's monotonic clock (CLOCK_MONOTONIC).
class SteadyClock : public Clock {
 public:
  TimePoint now() override { return std::chrono::steady_clock::now(); }
};

}  // namespace rp
