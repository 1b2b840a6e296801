#include "pool/lanes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "pool/deadlines.h"
#include "pool/strand.h"
#include "tests/support/executor_contract.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using End = SimExecutor::End;
using Lines = std::vector<std::string>;

std::unique_ptr<Executor> make_lanes(Reactor& reactor, Executor& inner) {
  return std::make_unique<Lanes>(reactor, inner,
                                 Lanes::Options{{"slow", {.workers = 1}}});
}

INSTANTIATE_TEST_SUITE_P(AroundLanes, ExecutorContract,
                         testing::Values(AroundExecutor{"Lanes", make_lanes}),
                         [](const auto& around) { return around.param.name; });

// Four workers; slow jobs may have two of them, and three may wait.
class LanesTest : public testing::Test {
 protected:
  LanesTest() {
    pool.script("slow", {.length = 100ms});
    pool.script("quick", {.length = 1ms});
    pool.script("hung", {.end = End::hangs});
  }

  JobId submit(Executor& executor, const std::string& kind,
               std::uint64_t key = 0) {
    return executor.submit(
        {.work = [this](std::stop_token) { ++ran; },
         .settled = [this, kind](Settled end) { note(kind, end.fate); },
         .kind = kind,
         .key = key});
  }
  JobId submit(const std::string& kind) { return submit(lanes, kind); }

  void note(const std::string& kind, Fate fate) {
    told.push_back(std::to_string((clock.now() - begin) / 1ms) + ": " + kind +
                   ' ' + std::string(to_string(fate)));
  }

  void run_for(Duration time) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run();
  }

  FakeClock clock;
  const TimePoint begin = clock.now();
  Reactor reactor{
      std::make_unique<FakeTimePoller>(std::make_unique<EpollPoller>(), clock),
      clock};
  SimExecutor pool{reactor, {.workers = 4}};
  Lanes lanes{reactor,
              pool,
              {{"slow", {.workers = 2, .capacity = 3}},
               {"hung", {.workers = 1, .capacity = 0}}}};
  Lines told;
  int ran = 0;
};

TEST_F(LanesTest, ASlowKindDoesNotStarveTheOthers) {
  for (int i = 0; i < 5; ++i) submit("slow");
  for (int i = 0; i < 4; ++i) submit("quick");
  run_for(1h);
  ASSERT_EQ(told.size(), 9u);
  EXPECT_EQ(told[3], "2: quick finished") << "two workers had the four of them";
  EXPECT_EQ(told[8], "300: slow finished");
}

TEST_F(LanesTest, WithoutThemItDoes) {
  for (int i = 0; i < 5; ++i) submit(pool, "slow");
  for (int i = 0; i < 4; ++i) submit(pool, "quick");
  run_for(1h);
  EXPECT_EQ(told.front(), "100: slow finished");
}

TEST_F(LanesTest, ALaneHasAsManyWorkersAsItMayAndNoneMore) {
  for (int i = 0; i < 3; ++i) submit("slow");
  reactor.run_after(50ms, [&] {
    EXPECT_EQ(pool.running(), 2u);
    EXPECT_EQ(pool.waiting(), 0u);
    EXPECT_EQ(lanes.stats("slow").running, 2u);
    EXPECT_EQ(lanes.stats("slow").waiting, 1u);
  });
  run_for(1h);
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(lanes.stats("slow").running, 0u);
}

TEST_F(LanesTest, ALaneRefusesWhatGoesBeyondItsCapacity) {
  for (int i = 0; i < 6; ++i) submit("slow");
  submit("quick");
  EXPECT_TRUE(told.empty()) << "never inside submit()";
  EXPECT_EQ(lanes.refused(), 1u);
  run_for(1h);
  EXPECT_EQ(told[0], "0: slow refused");
  EXPECT_EQ(told[1], "1: quick finished");
  EXPECT_EQ(told.size(), 7u);
}

TEST_F(LanesTest, ALaneWithoutCapacityRefusesWhatWouldWait) {
  const JobId hung = submit("hung");
  submit("hung");
  reactor.run_after(1s, [&] {
    lanes.abandon(hung);
    submit("hung");
  });
  reactor.run_after(2s, [&] { submit("hung"); });
  run_for(10s);
  EXPECT_EQ(told, (Lines{"0: hung refused", "1000: hung dropped",
                         "1000: hung refused"}));
  EXPECT_EQ(lanes.stats("hung").running, 1u);
}

TEST_F(LanesTest, OneLaneDoesNotKnowAnother) {
  submit("hung");
  for (int i = 0; i < 5; ++i) submit("slow");
  run_for(1h);
  EXPECT_EQ(told.size(), 5u);
  EXPECT_EQ(std::count(told.begin(), told.end(), "100: slow finished"), 2);
  EXPECT_EQ(told.back(), "300: slow finished");
}

TEST_F(LanesTest, EachLaneHasACapacityOfItsOwn) {
  Lanes two{reactor,
            pool,
            {{"slow", {.workers = 1, .capacity = 2}},
             {"quick", {.workers = 1, .capacity = 1}}}};
  for (int i = 0; i < 3; ++i) submit(two, "slow");
  for (int i = 0; i < 2; ++i) submit(two, "quick");
  EXPECT_EQ(two.refused(), 0u);
  submit(two, "quick");
  EXPECT_EQ(two.refused(), 1u);
  run_for(1h);
  EXPECT_EQ(told.size(), 6u);
}

TEST_F(LanesTest, KindsWithoutALanePassWithoutALimit) {
  for (int i = 0; i < 40; ++i) submit("quick");
  EXPECT_EQ(lanes.waiting(), 0u);
  EXPECT_EQ(lanes.stats("quick").running, 0u) << "they are not counted";
  run_for(1s);
  EXPECT_EQ(std::count(told.begin(), told.end(), "10: quick finished"), 4);
}

TEST_F(LanesTest, AJobThatExpiresInItsLaneIsNotStarted) {
  Deadlines deadlines{reactor, lanes, {.grace = 10ms, .deadline = 150ms}};
  for (int i = 0; i < 5; ++i) submit(deadlines, "slow");
  run_for(1h);
  EXPECT_EQ(told, (Lines{"100: slow finished", "100: slow finished",
                         "150: slow expired", "150: slow expired",
                         "150: slow expired"}));
  EXPECT_EQ(pool.retired(), 2u);
  EXPECT_EQ(ran, 4) << "the fifth never began";
}

// In Lanes around a strand the quick job would be the first.
TEST_F(LanesTest, AStrandAroundThemKeepsItsOrder) {
  Strand strand{reactor, lanes};
  submit(strand, "slow", 1);
  submit(strand, "slow", 2);
  submit(strand, "slow", 7);
  submit(strand, "quick", 7);
  run_for(1h);
  EXPECT_EQ(told, (Lines{"100: slow finished", "100: slow finished",
                         "200: slow finished", "201: quick finished"}));
}

TEST_F(LanesTest, ALaneNeedsAWorker) {
  try {
    Lanes none{reactor, pool, {{"slow", {.workers = 0}}}};
    FAIL() << "it was made";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "the lane \"slow\" needs at least 1 worker");
  }
}

}  // namespace
}  // namespace rp
