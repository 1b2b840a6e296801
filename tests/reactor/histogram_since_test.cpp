#include <gtest/gtest.h>

#include <chrono>

#include "reactor/histogram.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

TEST(HistogramSince, TellsOnlyWhatCameLater) {
  Histogram all;
  all.record(1s);
  const Histogram before = all;
  all.record(1ms);
  all.record(2ms);
  const Histogram recent = all.since(before);
  EXPECT_EQ(recent.count(), 2U);
  EXPECT_NEAR(recent.total_seconds(), 0.003, 1e-9);
  EXPECT_LT(recent.max(), 3ms);
  EXPECT_GE(recent.max(), 2ms);
  EXPECT_GE(recent.min(), 1ms);
  EXPECT_LT(recent.percentile(50), 2ms);
}

TEST(HistogramSince, IsEmptyWhenNothingCame) {
  Histogram all;
  all.record(1s);
  EXPECT_EQ(all.since(all).count(), 0U);
  EXPECT_EQ(all.since(all).max(), 0ns);
}

TEST(HistogramSince, OfNothingIsAll) {
  Histogram all;
  all.record(5ms);
  EXPECT_EQ(all.since(Histogram()).count(), 1U);
  EXPECT_EQ(all.since(Histogram()).max(), 5ms);
}

TEST(HistogramCounts, HowManyWereAtMostSoLong) {
  Histogram all;
  for (const Duration each : {10ns, 20ns, 30ns}) all.record(each);
  EXPECT_EQ(all.count_up_to(9ns), 0U);
  EXPECT_EQ(all.count_up_to(10ns), 1U);
  EXPECT_EQ(all.count_up_to(29ns), 2U);
  EXPECT_EQ(all.count_up_to(30ns), 3U);
}

TEST(HistogramCounts, NeverMoreThanThereAreNorLessForALongerLimit) {
  Histogram all;
  for (Duration each = 1us; each < 10s; each += each / 3) all.record(each);
  std::uint64_t before = 0;
  for (Duration limit = 1us; limit < 20s; limit += limit / 7) {
    const std::uint64_t count = all.count_up_to(limit);
    EXPECT_GE(count, before);
    before = count;
  }
  EXPECT_EQ(before, all.count());
}

}  // namespace
}  // namespace rp
