#include "tests/support/sim_executor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_poller.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using End = SimExecutor::End;

struct Told {
  Fate fate;
  Duration at;
  bool operator==(const Told&) const = default;
};

class SimExecutorTest : public testing::Test {
 protected:
  JobId submit(SimExecutor::Script script) {
    executor.script(script);
    return executor.submit(
        {.work = [this](std::stop_token) { ++ran; },
         .settled =
             [this](Settled end) {
               told.push_back({end.fate, clock.now() - begin});
             }});
  }

  void run_for(Duration time) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run();
  }

  FakeClock clock;
  const TimePoint begin = clock.now();
  Reactor reactor{std::make_unique<ScriptedPoller>(clock), clock};
  SimExecutor executor{reactor, {.workers = 1, .capacity = 2}};
  std::vector<Told> told;
  int ran = 0;
};

TEST_F(SimExecutorTest, RunsJobsOneAfterAnotherWithTheirLengthsAndEnds) {
  submit({.length = 20ms});
  submit({.length = 30ms, .end = End::throws});
  run_for(1s);
  EXPECT_EQ(told,
            (std::vector<Told>{{Fate::finished, 20ms}, {Fate::failed, 50ms}}));
  EXPECT_EQ(ran, 1);
}

TEST_F(SimExecutorTest, KnowsAKindsJobsInWhateverOrderTheyCome) {
  executor.script("slow", {.length = 20ms});
  executor.script({.length = 5ms});
  for (const char* kind : {"slow", "other"}) {
    executor.submit({.work = [](std::stop_token) {},
                     .settled =
                         [this](Settled end) {
                           told.push_back({end.fate, clock.now() - begin});
                         },
                     .kind = kind});
  }
  run_for(1s);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 20ms},
                                     {Fate::finished, 25ms}}));
}

TEST_F(SimExecutorTest, RefusesWhatGoesBeyondItsCapacity) {
  for (int i = 0; i < 3; ++i) submit({.length = 1ms});
  EXPECT_TRUE(told.empty());
  run_for(1s);
  EXPECT_EQ(told.size(), 3u);
  EXPECT_EQ(told.front(), (Told{Fate::refused, 0ms}));
}

TEST_F(SimExecutorTest, AHungJobKeepsItsWorkerUntilItIsAbandoned) {
  const JobId hung = submit({.end = End::hangs});
  submit({.length = 1ms});
  reactor.run_after(1s, [&] { executor.abandon(hung); });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::dropped, 1s},
                                     {Fate::finished, 1s + 1ms}}));
  EXPECT_EQ(executor.retired(), 1u);
}

TEST_F(SimExecutorTest, AnAbandonedJobStillRunsAndTellsNobody) {
  const JobId late = submit({.length = 1min});
  reactor.run_after(1s, [&] { executor.abandon(late); });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::dropped, 1s}}));
  EXPECT_EQ(ran, 1);
}

TEST_F(SimExecutorTest, CancelSaysWhatItCouldDo) {
  const JobId polite = submit({.end = End::hangs, .heeds_token = true});
  const JobId waiting = submit({});
  reactor.run_after(1s, [&] {
    EXPECT_EQ(executor.cancel(waiting), Cancelled::dequeued);
    EXPECT_EQ(executor.cancel(polite), Cancelled::asked);
  });
  run_for(1h);
  EXPECT_EQ(told,
            (std::vector<Told>{{Fate::dropped, 1s}, {Fate::finished, 1s}}));
  EXPECT_EQ(executor.cancel(polite), Cancelled::unknown);
}

}  // namespace
}  // namespace rp
