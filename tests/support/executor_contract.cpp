#include "tests/support/executor_contract.h"

#include <set>

namespace rp {

using namespace std::chrono_literals;
using End = SimExecutor::End;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ExecutorContract);

TEST_P(ExecutorContract, RunsJobsAndTellsTheirEnds) {
  submit({.length = 20ms});
  submit({.length = 30ms, .end = End::throws});
  EXPECT_TRUE(told.empty());
  run_for(1s);
  EXPECT_EQ(told, (std::vector<Told>{{1, Fate::finished, 20ms},
                                     {2, Fate::failed, 50ms}}));
  EXPECT_EQ(ran, 1);
}

TEST_P(ExecutorContract, TellsOfTheInnerRefusalThroughTheCallback) {
  std::vector<Fate> fates;
  for (int i = 0; i < 4; ++i) {
    executor->submit(
        {.work = [](std::stop_token) {},
         .settled = [&](Settled end) { fates.push_back(end.fate); }});
  }
  EXPECT_TRUE(fates.empty()) << "never inside submit()";
  run_for(1s);
  EXPECT_EQ(fates, (std::vector{Fate::refused, Fate::finished, Fate::finished,
                                Fate::finished}));
}

TEST_P(ExecutorContract, GivesEachJobANumberOfItsOwn) {
  std::set<JobId> ids;
  for (int i = 0; i < 20; ++i) {
    ids.insert(submit());
    run_for(5ms);
  }
  EXPECT_EQ(ids.size(), 20u);
  EXPECT_FALSE(ids.contains(0));
}

TEST_P(ExecutorContract, DropsAJobThatIsCancelledWhileItWaits) {
  submit({.length = 1s});
  const JobId waiting = submit();
  reactor->run_after(10ms, [&] {
    EXPECT_EQ(executor->cancel(waiting), Cancelled::dequeued);
    EXPECT_TRUE(told.empty()) << "never inside cancel()";
    EXPECT_EQ(executor->cancel(waiting), Cancelled::unknown);
  });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{2, Fate::dropped, 10ms},
                                     {1, Fate::finished, 1s}}));
  EXPECT_EQ(ran, 1);
}

TEST_P(ExecutorContract, AsksAJobThatRunsToStop) {
  const JobId running = submit({.length = 1h, .heeds_token = true});
  submit({.length = 5ms});
  reactor->run_after(1s, [&] {
    EXPECT_EQ(executor->cancel(running), Cancelled::asked);
    EXPECT_TRUE(told.empty()) << "never inside cancel()";
  });
  run_for(2h);
  EXPECT_EQ(told, (std::vector<Told>{{1, Fate::finished, 1s},
                                     {2, Fate::finished, 1s + 5ms}}));
}

TEST_P(ExecutorContract, DropsAJobThatIsAbandonedAndServesTheNext) {
  const JobId hung = submit({.length = 1min});
  submit({.length = 5ms});
  reactor->run_after(1s, [&] {
    executor->abandon(hung);
    EXPECT_TRUE(told.empty()) << "never inside abandon()";
  });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{1, Fate::dropped, 1s},
                                     {2, Fate::finished, 1s + 5ms}}));
  EXPECT_EQ(inner.retired(), 1u);
  EXPECT_EQ(ran, 2) << "its late result reached nobody";
}

TEST_P(ExecutorContract, DropsAJobThatIsAbandonedWhileItWaits) {
  submit({.length = 1s});
  const JobId waiting = submit();
  reactor->run_after(10ms, [&] {
    executor->abandon(waiting);
    EXPECT_TRUE(told.empty()) << "never inside abandon()";
  });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{2, Fate::dropped, 10ms},
                                     {1, Fate::finished, 1s}}));
  EXPECT_EQ(inner.retired(), 0u);
}

TEST_P(ExecutorContract, KnowsNoJobThatIsSettledOrNeverWas) {
  const JobId settled = submit({.length = 5ms});
  submit({.length = 1s});
  reactor->run_after(10ms, [&] {
    for (const JobId id : {JobId{0}, settled, JobId{1000}}) {
      EXPECT_EQ(executor->cancel(id), Cancelled::unknown);
      executor->abandon(id);
    }
  });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{1, Fate::finished, 5ms},
                                     {2, Fate::finished, 1s + 5ms}}));
}

TEST_P(ExecutorContract, ACallbackMaySubmitCancelAndAbandon) {
  inner.script({.length = 5ms});
  JobId second = 0, third = 0;
  submit_with([&](Settled) {
    EXPECT_EQ(executor->cancel(third), Cancelled::dequeued);
    executor->abandon(second);
    submit({.length = 5ms});
    EXPECT_EQ(told.size(), 1u);
  });
  second = submit({.end = End::hangs});
  third = submit({.length = 5ms});
  run_for(1h);
  EXPECT_EQ(told.size(), 4u);
  EXPECT_EQ(told.front(), (Told{1, Fate::finished, 5ms}));
  EXPECT_EQ(told.back(), (Told{4, Fate::finished, 10ms}));
}

TEST_P(ExecutorContract, JobsOpenAtItsEndAreSettledAllTheSame) {
  for (int i = 0; i < 3; ++i) submit({.length = 1s});
  reactor->run_after(10ms, [&] {
    executor.reset();
    EXPECT_TRUE(told.empty());
  });
  run_for(1h);
  std::set<int> settled;
  for (const Told& end : told) settled.insert(end.job);
  EXPECT_EQ(settled, (std::set{1, 2, 3}));
  EXPECT_EQ(told.size(), 3u);
}

TEST_P(ExecutorContract, ACallbackMayDestroyIt) {
  inner.script({.length = 5ms});
  submit_with([&](Settled) { executor.reset(); });
  submit({.length = 1s});
  submit({.length = 1s});
  run_for(1h);
  EXPECT_EQ(executor, nullptr);
  EXPECT_EQ(told.size(), 3u);
}

TEST_P(ExecutorContract, CallbacksOfADeadReactorAreDestroyedUncalled) {
  const auto held = std::make_shared<int>(1);
  for (int i = 0; i < 3; ++i) submit_with([held](Settled) {});
  EXPECT_EQ(held.use_count(), 4);
  executor.reset();
  pool.reset();
  reactor.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_TRUE(told.empty());
}

}  // namespace rp
