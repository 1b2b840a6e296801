#include "reactor/trace_ring.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace rp {
namespace {

using Ids = std::vector<std::uint64_t>;

void record(TraceRing& ring, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t id = from; id <= to; ++id) {
    ring.record({.phase = "timers", .what = "timer", .id = id});
  }
}

void record_jobs(TraceRing& ring, std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t id = from; id <= to; ++id) {
    ring.record({.phase = "job", .lane = "thread-1", .what = "add", .id = id});
  }
}

Ids ids(const TraceRing::Events& news) {
  Ids ids;
  for (const auto* event : news.events) ids.push_back(event->id);
  return ids;
}

TEST(TraceRing, GivesEachEventOnceToWhoAsksForTheRest) {
  TraceRing ring(8);
  record(ring, 1, 3);
  const auto first = ring.after(0, 100);
  EXPECT_EQ(ids(first), (Ids{1, 2, 3}));
  record(ring, 4, 5);
  const auto second = ring.after(first.next, 100);
  EXPECT_EQ(ids(second), (Ids{4, 5}));
  EXPECT_EQ(ids(ring.after(second.next, 100)), Ids());
}

TEST(TraceRing, TellsASlowReaderHowManyHeHasMissed) {
  TraceRing ring(4);
  record(ring, 1, 4);
  EXPECT_EQ(ring.after(0, 100).skipped, 0U);
  record(ring, 5, 5);
  const auto late = ring.after(0, 100);
  EXPECT_EQ(ids(late), (Ids{2, 3, 4, 5}));
  EXPECT_EQ(late.skipped, 1U);
  record(ring, 6, 10);
  EXPECT_EQ(ids(ring.after(4, 100)), (Ids{7, 8, 9, 10}));
  EXPECT_EQ(ring.after(4, 100).skipped, 2U);
}

TEST(TraceRing, GivesTheNewestWhenThereAreMoreThanMayBe) {
  TraceRing ring(8);
  record(ring, 1, 5);
  const auto news = ring.after(0, 2);
  EXPECT_EQ(ids(news), (Ids{4, 5}));
  EXPECT_EQ(news.skipped, 3U);
  EXPECT_EQ(news.next, 5U);
}

TEST(TraceRing, BeginsAnewForWhoHasSeenMoreThanThereIs) {
  TraceRing ring(8);
  record(ring, 1, 2);
  EXPECT_EQ(ids(ring.after(77, 100)), (Ids{1, 2}));
}

TEST(TraceRing, KeepsJobsWhateverTheLoopDoesMeanwhile) {
  TraceRing ring(4);
  record(ring, 1, 3);
  record_jobs(ring, 70, 70);
  record(ring, 4, 5);
  record_jobs(ring, 71, 71);
  record(ring, 6, 9);
  const auto news = ring.after(0, 100);
  EXPECT_EQ(ids(news), (Ids{70, 71, 6, 7, 8, 9})) << "in order";
  EXPECT_EQ(news.next, 11U);
  EXPECT_EQ(news.skipped, 5U);
  EXPECT_FALSE(news.skipped_jobs);
}

TEST(TraceRing, GivesEachJobOnceToo) {
  TraceRing ring(4);
  record_jobs(ring, 70, 71);
  const auto first = ring.after(0, 100);
  EXPECT_EQ(ids(first), (Ids{70, 71}));
  record(ring, 1, 9);
  record_jobs(ring, 72, 72);
  EXPECT_EQ(ids(ring.after(first.next, 100)), (Ids{6, 7, 8, 9, 72}));
}

TEST(TraceRing, SaysWhetherJobsWereLost) {
  TraceRing ring(4);
  record_jobs(ring, 70, 73);
  EXPECT_FALSE(ring.after(0, 100).skipped_jobs);
  record_jobs(ring, 74, 74);
  EXPECT_TRUE(ring.after(0, 100).skipped_jobs);
  EXPECT_FALSE(ring.after(1, 100).skipped_jobs) << "the lost one was seen";
  EXPECT_TRUE(ring.after(1, 3).skipped_jobs) << "four may not be given";
}

TEST(TraceRing, SharesAnAnswerBetweenTheLoopAndTheJobs) {
  TraceRing ring(8);
  record(ring, 1, 4);
  record_jobs(ring, 70, 73);
  EXPECT_EQ(ids(ring.after(0, 4)), (Ids{3, 4, 72, 73}));
  EXPECT_EQ(ids(ring.after(0, 6)), (Ids{2, 3, 4, 71, 72, 73}));
  EXPECT_EQ(ids(ring.after(4, 4)), (Ids{70, 71, 72, 73})) << "no others";
  EXPECT_EQ(ids(ring.after(0, 1)), Ids{4});
}

TEST(TraceRing, OwnsItsTexts) {
  TraceRing ring(2);
  {
    const std::string name = "a name that is longer than a small string";
    ring.record({.phase = "job", .lane = "thread-1", .what = name});
  }
  const auto news = ring.after(0, 1);
  EXPECT_EQ(news.events.at(0)->what,
            "a name that is longer than a small string");
  EXPECT_EQ(news.events.at(0)->lane, "thread-1");
}

TEST(TraceRing, KeepsAtLeastOne) {
  EXPECT_THROW(TraceRing(0), std::invalid_argument);
  TraceRing ring(1);
  record(ring, 1, 3);
  EXPECT_EQ(ids(ring.after(0, 100)), Ids{3});
}

TEST(TraceWord, IsAWordOfALineWhateverTheStrangerChose) {
  EXPECT_EQ(trace_word("primes"), "primes");
  EXPECT_EQ(trace_word("a b\nc\x7f\xc3\xa9"), "a_b_c___");
  EXPECT_EQ(trace_word(std::string("\0", 1)), "_");
  EXPECT_EQ(trace_word(""), "-");
}

TEST(TraceWord, HasNoMoreThanSixtyFourBytes) {
  EXPECT_EQ(trace_word(std::string(64, 'x')).size(), 64U);
  EXPECT_EQ(trace_word(std::string(65, 'x')).size(), 64U);
}

}  // namespace
}  // namespace rp
