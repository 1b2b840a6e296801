#include "tests/support/fake_clock.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

using namespace std::chrono_literals;

TEST(FakeClock, StandsStillUntilItIsMoved) {
  FakeClock clock;
  const TimePoint begin = clock.now();
  EXPECT_EQ(clock.now(), begin);
  clock.advance(20ms);
  EXPECT_EQ(clock.now(), begin + 20ms);
  clock.set(begin + 1s);
  EXPECT_EQ(clock.now(), begin + 1s);
}

TEST(SteadyClock, NeverGoesBack) {
  SteadyClock clock;
  TimePoint last = clock.now();
  for (int i = 0; i < 1000; ++i) {
    const TimePoint now = clock.now();
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace rp
