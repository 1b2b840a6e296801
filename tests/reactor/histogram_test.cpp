#include "reactor/histogram.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace rp {
namespace {

using namespace std::chrono_literals;

// What a percentile means, the slow way.
Duration exact_percentile(std::vector<Duration> all, double percent) {
  std::sort(all.begin(), all.end());
  const double rank =
      std::ceil(percent / 100 * static_cast<double>(all.size()));
  return all[std::max<std::size_t>(static_cast<std::size_t>(rank), 1) - 1];
}

void expect_within_a_bucket(Duration estimate, Duration exact) {
  EXPECT_GE(estimate, exact);
  EXPECT_LE(estimate - exact, exact / 32);
}

TEST(Histogram, SaysZeroBeforeAnythingIsRecorded) {
  const Histogram empty;
  EXPECT_EQ(empty.count(), 0U);
  EXPECT_EQ(empty.min(), 0ns);
  EXPECT_EQ(empty.max(), 0ns);
  EXPECT_EQ(empty.mean(), 0ns);
  EXPECT_EQ(empty.percentile(99), 0ns);
}

TEST(Histogram, KnowsCountLeastGreatestAndMeanExactly) {
  Histogram histogram;
  for (const Duration each : {3us, 1us, 8us}) histogram.record(each);
  EXPECT_EQ(histogram.count(), 3U);
  EXPECT_EQ(histogram.min(), 1us);
  EXPECT_EQ(histogram.max(), 8us);
  EXPECT_EQ(histogram.mean(), 4us);
}

TEST(Histogram, IsExactBelowSixtyFourNanoseconds) {
  Histogram histogram;
  for (int n = 0; n < 64; ++n) histogram.record(Duration{n});
  for (int n = 0; n < 64; ++n) {
    EXPECT_EQ(histogram.percentile((n + 1) / 64.0 * 100), Duration{n});
  }
}

TEST(Histogram, IsNeverMoreThanAThirtySecondTooHigh) {
  for (int power = 0; power < 62; ++power) {
    for (const int step : {-1, 0, 1}) {
      const Duration each{(Duration::rep{1} << power) + step};
      Histogram histogram;
      histogram.record(each);
      histogram.record(Duration::max());
      expect_within_a_bucket(histogram.percentile(50), each);
    }
  }
}

TEST(Histogram, AgreesWithASortedListOfRandomDurations) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> latency(11, 2);
  Histogram histogram;
  std::vector<Duration> all;
  for (int i = 0; i < 10000; ++i) {
    all.push_back(Duration{static_cast<Duration::rep>(latency(random))});
    histogram.record(all.back());
  }
  for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9}) {
    SCOPED_TRACE(percent);
    expect_within_a_bucket(histogram.percentile(percent),
                           exact_percentile(all, percent));
  }
}

TEST(Histogram, NeverLeavesWhatWasRecorded) {
  Histogram histogram;
  histogram.record(1000001ns);
  EXPECT_EQ(histogram.percentile(0), 1000001ns);
  EXPECT_EQ(histogram.percentile(100), 1000001ns);
}

TEST(Histogram, TakesPercentsOutOfRangeAsTheNearestInRange) {
  Histogram histogram;
  histogram.record(1ns);
  histogram.record(50ns);
  EXPECT_EQ(histogram.percentile(-5), 1ns);
  EXPECT_EQ(histogram.percentile(250), 50ns);
}

TEST(Histogram, TakesTheLongestDurationAndANegativeOne) {
  Histogram histogram;
  histogram.record(-5ns);
  histogram.record(Duration::max());
  EXPECT_EQ(histogram.min(), 0ns);
  EXPECT_EQ(histogram.percentile(50), 0ns);
  EXPECT_EQ(histogram.percentile(100), Duration::max());
}

TEST(Histogram, MergesAsIfOneHadRecordedAll) {
  Histogram first;
  Histogram second;
  Histogram both;
  for (const Duration each : {1us, 5us, 700us, 90000us}) {
    both.record(each);
    (each < 10us ? first : second).record(each);
  }
  first.merge(second);
  EXPECT_EQ(first.count(), both.count());
  EXPECT_EQ(first.min(), both.min());
  EXPECT_EQ(first.max(), both.max());
  EXPECT_EQ(first.mean(), both.mean());
  for (const double percent : {25.0, 50.0, 75.0, 100.0}) {
    EXPECT_EQ(first.percentile(percent), both.percentile(percent));
  }
}

TEST(Histogram, KeepsItsLeastWhenAnEmptyOneIsMergedEitherWay) {
  Histogram full;
  Histogram empty;
  full.record(4us);
  full.merge(empty);
  empty.merge(full);
  EXPECT_EQ(full.min(), 4us);
  EXPECT_EQ(empty.min(), 4us);
}

TEST(Histogram, ForgetsAllWhenReset) {
  Histogram histogram;
  histogram.record(4us);
  histogram.reset();
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.percentile(50), 0ns);
}

}  // namespace
}  // namespace rp
