#include "reactor/recent.h"

#include <gtest/gtest.h>

#include <chrono>

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kNow{1000s};

TEST(RecentDurations, TellsWhatWasRecordedInTheLastSeconds) {
  RecentDurations recent;
  recent.record(kNow, 1ms);
  recent.record(kNow + 2500ms, 3ms);
  EXPECT_EQ(recent.at(kNow + 3s).count(), 2U);
  EXPECT_EQ(recent.at(kNow + 3s).max(), 3ms);
}

TEST(RecentDurations, ForgetsASecondAsAWhole) {
  RecentDurations recent;
  recent.record(kNow, 1ms);
  recent.record(kNow + 999ms, 2ms);
  EXPECT_EQ(recent.at(kNow + 5999ms).count(), 2U);
  EXPECT_EQ(recent.at(kNow + 6s).count(), 0U);
}

TEST(RecentDurations, ForgetsAlsoWhileItRecords) {
  RecentDurations recent;
  recent.record(kNow, 1h);
  recent.record(kNow + 6s, 1ms);
  EXPECT_EQ(recent.at(kNow + 6s).max(), 1ms);
}

TEST(RecentDurations, TakesOverWhatAnotherHasRecorded) {
  Histogram ticks;
  ticks.record(4ms);
  ticks.record(5ms);
  RecentDurations recent;
  recent.add(kNow, ticks);
  EXPECT_EQ(recent.at(kNow).count(), 2U);
  EXPECT_EQ(recent.at(kNow).max(), 5ms);
}

TEST(RecentRate, TellsHowManyCameInTheSecondThatIsComplete) {
  RecentRate rate;
  for (int i = 0; i < 30; ++i) rate.count(kNow + i * 100ms);
  EXPECT_EQ(rate.per_second(kNow + 3s), 10U);
}

TEST(RecentRate, LeavesOutTheTenthThatGoesOn) {
  RecentRate rate;
  rate.count(kNow);
  EXPECT_EQ(rate.per_second(kNow + 99ms), 0U);
  EXPECT_EQ(rate.per_second(kNow + 100ms), 1U);
}

TEST(RecentRate, ForgetsWhatIsOlderThanThatSecond) {
  RecentRate rate;
  rate.count(kNow);
  EXPECT_EQ(rate.per_second(kNow + 1099ms), 1U);
  EXPECT_EQ(rate.per_second(kNow + 1100ms), 0U);
}

TEST(RecentRate, BeginsAPlaceAnewWhenItIsUsedAgain) {
  RecentRate rate;
  rate.count(kNow);
  rate.count(kNow + 1100ms);
  EXPECT_EQ(rate.per_second(kNow + 1200ms), 1U);
}

}  // namespace
}  // namespace rp
