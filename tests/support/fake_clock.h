#pragma once

#include <atomic>

#include "reactor/clock.h"

namespace rp {

/// A clock that moves only when it is told to, so that a test owns the
/// passing of time.
///
///     FakeClock clock;
///     Reactor reactor(std::move(poller), clock);
///     clock.advance(20ms);
///
/// It begins at an odd time, not at zero, so that nobody can count on that.
///
/// Thread rule: any thread.
class FakeClock : public Clock {
 public:
  TimePoint now() override { return TimePoint{Duration{time_.load()}}; }

  void advance(Duration step) { time_ += step.count(); }

  /// Jumps to a time, be it earlier or later.
  void set(TimePoint time) { time_ = time.time_since_epoch().count(); }

 private:
  static constexpr Duration kBegin = std::chrono::seconds{1234};

  std::atomic<Duration::rep> time_{kBegin.count()};
};

}  // namespace rp
