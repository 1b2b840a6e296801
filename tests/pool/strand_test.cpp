#include "pool/strand.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/executor_contract.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using End = SimExecutor::End;

std::unique_ptr<Executor> make_strand(Reactor& reactor, Executor& inner) {
  return std::make_unique<Strand>(reactor, inner);
}

INSTANTIATE_TEST_SUITE_P(AroundStrand, ExecutorContract,
                         testing::Values(AroundExecutor{"Strand", make_strand}),
                         [](const auto& around) { return around.param.name; });

// Plenty of workers: what comes one after another does so for its key.
class StrandTest : public testing::Test {
 protected:
  JobId submit(std::string name, std::uint64_t key,
               SimExecutor::Script script) {
    pool.script(name, script);
    return strand->submit({.work = [](std::stop_token) {},
                           .settled =
                               [this, name](Settled end) {
                                 note(name + ' ' +
                                      std::string(to_string(end.fate)));
                               },
                           .kind = name,
                           .key = key});
  }

  void note(const std::string& what) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        clock.now() - begin);
    told.push_back(std::to_string(now.count()) + ": " + what);
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
  SimExecutor pool{reactor, {.workers = 8}};
  std::unique_ptr<Strand> strand =
      std::make_unique<Strand>(reactor, pool, Strand::Options{.capacity = 3});
  std::vector<std::string> told;
};

using Lines = std::vector<std::string>;

TEST_F(StrandTest, JobsOfAKeyRunOneAfterAnotherInTheirOrder) {
  submit("first", 7, {.length = 30ms});
  submit("second", 7, {.length = 20ms});
  submit("third", 7, {.length = 10ms});
  run_for(1s);
  EXPECT_EQ(told, (Lines{"30: first finished", "50: second finished",
                         "60: third finished"}));
}

TEST_F(StrandTest, JobsOfOtherKeysAndOfNoneRunMeanwhile) {
  submit("first of 7", 7, {.length = 30ms});
  submit("second of 7", 7, {.length = 30ms});
  submit("of 8", 8, {.length = 20ms});
  submit("of none", 0, {.length = 10ms});
  submit("also of none", 0, {.length = 10ms});
  run_for(1s);
  EXPECT_EQ(told, (Lines{"10: of none finished", "10: also of none finished",
                         "20: of 8 finished", "30: first of 7 finished",
                         "60: second of 7 finished"}));
}

TEST_F(StrandTest, AJobThatThrewLetsTheNextGoOn) {
  submit("first", 7, {.length = 10ms, .end = End::throws});
  submit("second", 7, {.length = 10ms});
  run_for(1s);
  EXPECT_EQ(told, (Lines{"10: first failed", "20: second finished"}));
}

TEST_F(StrandTest, AnAbandonedJobLetsTheNextGoOn) {
  const JobId hung = submit("hung", 7, {.end = End::hangs});
  submit("next", 7, {.length = 10ms});
  reactor.run_after(50ms, [&] { strand->abandon(hung); });
  run_for(1s);
  EXPECT_EQ(told, (Lines{"50: hung dropped", "60: next finished"}));
}

TEST_F(StrandTest, AJobThatIsTakenOutLeavesTheOrderOfTheOthers) {
  submit("first", 7, {.length = 10ms});
  const JobId second = submit("second", 7, {});
  submit("third", 7, {.length = 10ms});
  submit("fourth", 7, {.length = 10ms});
  strand->cancel(second);
  run_for(1s);
  EXPECT_EQ(told, (Lines{"0: second dropped", "10: first finished",
                         "20: third finished", "30: fourth finished"}));
}

TEST_F(StrandTest, RefusesWhatGoesBeyondItsCapacity) {
  for (const std::uint64_t key : {7u, 8u}) {
    submit("runs", key, {.length = 10ms});
    submit("waits", key, {.length = 10ms});
  }
  submit("waits too", 7, {.length = 10ms});
  submit("one too many", 7, {});
  submit("not for another key", 8, {});
  submit("no need to wait", 9, {.length = 5ms});
  EXPECT_EQ(strand->waiting(), 3u);
  EXPECT_TRUE(told.empty()) << "never inside submit()";
  run_for(1s);
  EXPECT_EQ(told,
            (Lines{"0: one too many refused", "0: not for another key refused",
                   "5: no need to wait finished", "10: runs finished",
                   "10: runs finished", "20: waits finished",
                   "20: waits finished", "30: waits too finished"}));
  EXPECT_EQ(strand->refused(), 2u);
}

TEST_F(StrandTest, WhatLeavesItsQueueMakesRoom) {
  submit("first", 7, {.length = 10ms});
  std::vector<JobId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(submit("waits", 7, {}));
  strand->cancel(ids[0]);
  strand->abandon(ids[1]);
  EXPECT_EQ(strand->waiting(), 1u);
  submit("has room", 7, {});
  submit("has room", 7, {});
  run_for(1s);
  EXPECT_EQ(strand->waiting(), 0u);
  EXPECT_EQ(strand->refused(), 0u);
}

TEST_F(StrandTest, AKeyMayComeBackWhenItHadNoJobs) {
  submit("first", 7, {.length = 10ms});
  run_for(1s);
  submit("second", 7, {.length = 10ms});
  submit("third", 7, {.length = 10ms});
  run_for(1s);
  EXPECT_EQ(told, (Lines{"10: first finished", "1010: second finished",
                         "1020: third finished"}));
}

TEST_F(StrandTest, WhatWaitsAtItsEndIsDroppedInTheNextRun) {
  submit("first", 7, {.length = 10ms});
  submit("second", 7, {});
  strand.reset();
  run_for(1s);
  EXPECT_EQ(told, (Lines{"0: second dropped", "10: first finished"}));
}

}  // namespace
}  // namespace rp
