#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "tests/support/sim_server.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::string story_of(const SimReport& report) {
  std::string story = report.failure;
  for (const std::string& event : report.last_events) story += "\n" + event;
  return story;
}

TEST(Simulation, AnswersEachRequestOnceOrTellsItsConnection) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const SimReport report = simulate({.seed = seed, .length = 1min});
    ASSERT_EQ(report.failure, "") << "seed " << seed << story_of(report);
    std::uint64_t told = report.told_by_the_end + report.lost_by_clients;
    for (const auto& [code, count] : report.answers) told += count;
    EXPECT_EQ(told, report.requests);
    EXPECT_GT(report.requests, 300u);
  }
}

TEST(Simulation, IsTheSameByTheSameSeed) {
  const SimReport once = simulate({.seed = 7, .length = 30s});
  const SimReport twice = simulate({.seed = 7, .length = 30s});
  EXPECT_EQ(story_of(once), story_of(twice));
  EXPECT_EQ(once.answers, twice.answers);
  EXPECT_EQ(once.network.pieces, twice.network.pieces);
}

TEST(Simulation, LeadsElsewhereByAnotherSeed) {
  const SimReport one = simulate({.seed = 7, .length = 30s});
  const SimReport other = simulate({.seed = 8, .length = 30s});
  EXPECT_NE(story_of(one), story_of(other));
}

TEST(Simulation, MeetsAllThatItIsMeantToMeet) {
  const SimReport report = simulate({.seed = 7, .length = 5min});
  for (const int code : {0, -32000, -32001, -32002, -32003, -32601}) {
    EXPECT_TRUE(report.answers.contains(code)) << code;
  }
  for (const char* fate : {"finished", "failed", "expired", "refused"}) {
    EXPECT_GT(report.jobs.at(fate), 0u) << fate;
  }
  EXPECT_GT(report.network.resets, 0u);
  EXPECT_GT(report.network.vanishings, 0u);
  EXPECT_GT(report.broken_lines, 0u);
}

}  // namespace
}  // namespace rp
