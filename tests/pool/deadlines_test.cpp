#include "pool/deadlines.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_poller.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using End = SimExecutor::End;

struct Told {
  Fate fate;
  Duration at;
  bool operator==(const Told&) const = default;
};

class DeadlinesTest : public testing::Test {
 protected:
  JobId submit(SimExecutor::Script script,
               std::optional<Duration> deadline = std::nullopt) {
    pool.script(script);
    return deadlines->submit({.work = [this](std::stop_token) { ++ran; },
                              .settled = note(),
                              .deadline = deadline});
  }

  Function<void(Settled)> note() {
    return [this](Settled end) {
      told.push_back({end.fate, clock.now() - begin});
    };
  }

  void run_for(Duration time) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run();
  }

  FakeClock clock;
  const TimePoint begin = clock.now();
  Reactor reactor{std::make_unique<ScriptedPoller>(clock), clock};
  SimExecutor pool{reactor, {.workers = 2, .capacity = 4}};
  std::optional<Deadlines> deadlines{std::in_place, reactor, pool,
                                     Deadlines::Options{.grace = 100ms}};
  std::vector<Told> told;
  int ran = 0;
};

TEST_F(DeadlinesTest, AJobWithinItsDeadlineFinishes) {
  submit({.length = 20ms}, 21ms);
  run_for(1s);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 20ms}}));
}

TEST_F(DeadlinesTest, ASettledJobLeavesNoTimerBehind) {
  submit({.length = 20ms}, 1h);
  reactor.run_after(30ms, [&] {
    EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 20ms}}));
    EXPECT_EQ(reactor.timers().size(), 1u) << "the one that ends this run";
  });
  run_for(1s);
}

TEST_F(DeadlinesTest, AJobWithoutADeadlineIsLeftAlone) {
  submit({.length = 10h});
  run_for(20h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 10h}}));
}

TEST_F(DeadlinesTest, ADeadlineBeyondTimeIsNone) {
  submit({.length = 1h}, Duration::max());
  submit({.length = 1h}, Duration::max() - 1ns);
  run_for(2h);
  EXPECT_EQ(told, (std::vector<Told>(2, {Fate::finished, 1h})));
}

TEST_F(DeadlinesTest, AHungJobIsAnsweredAtItsDeadline) {
  submit({.end = End::hangs}, 2s);
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::expired, 2s}}));
}

// The loop is kept for 50 ms when the deadline passes.
TEST_F(DeadlinesTest, ABusyLoopAnswersOneTickLaterAtMost) {
  submit({.end = End::hangs}, 2s);
  std::uint64_t busy_tick = 0;
  reactor.run_after(2s - 1ms, [&] {
    clock.advance(50ms);
    busy_tick = reactor.stats().ticks;
  });
  reactor.run_after(2s, [&] {
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told.front(), (Told{Fate::expired, 2s + 49ms}));
    EXPECT_EQ(reactor.stats().ticks, busy_tick + 1);
  });
  run_for(1h);
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(DeadlinesTest, TheWorkerOfAHungJobIsRetiredWhenTheGraceIsOver) {
  submit({.end = End::hangs}, 2s);
  submit({.end = End::hangs}, 2s);
  submit({.length = 5s}, 1h);
  reactor.run_after(2s + 99ms, [&] { EXPECT_EQ(pool.retired(), 0u); });
  reactor.run_after(2s + 101ms, [&] {
    EXPECT_EQ(pool.retired(), 2u);
    EXPECT_EQ(pool.running(), 1u) << "the one that waited has a worker now";
  });
  run_for(1h);
  EXPECT_EQ(told.back(), (Told{Fate::finished, 7s + 100ms}));
}

TEST_F(DeadlinesTest, ALateResultIsDropped) {
  submit({.length = 2s + 50ms}, 2s);
  submit({.length = 10s}, 2s);
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>(2, {Fate::expired, 2s})));
  EXPECT_EQ(ran, 2);
  EXPECT_EQ(pool.retired(), 1u) << "the other returned within the grace";
}

TEST_F(DeadlinesTest, AJobThatHeedsItsTokenKeepsItsWorker) {
  submit({.length = 1h, .heeds_token = true}, 2s);
  run_for(2h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::expired, 2s}}));
  EXPECT_EQ(pool.retired(), 0u);
}

TEST_F(DeadlinesTest, WaitingCounts) {
  submit({.length = 10s});
  submit({.length = 10s});
  submit({.length = 1s}, 2s);
  run_for(1h);
  EXPECT_EQ(told.front(), (Told{Fate::expired, 2s}));
  EXPECT_EQ(ran, 2) << "it was taken out of the queue";
  EXPECT_EQ(pool.retired(), 0u);
}

TEST_F(DeadlinesTest, OverloadRetiresNobody) {
  for (int i = 0; i < 8; ++i) submit({.length = 20ms}, 30ms);
  run_for(1s);
  EXPECT_EQ(pool.retired(), 0u);
  EXPECT_EQ(deadlines->stats().settled[static_cast<int>(Fate::refused)], 4u);
  EXPECT_EQ(deadlines->stats().settled[static_cast<int>(Fate::finished)], 2u);
  EXPECT_EQ(deadlines->stats().settled[static_cast<int>(Fate::expired)], 2u);
}

// Submitted by a callback: the hand-over comes before the next look at timers.
TEST_F(DeadlinesTest, ADeadlineOfZeroExpiresWithoutAStart) {
  reactor.run_after(1ms, [&] {
    submit({}, 0s);
    submit({}, -1s);
    EXPECT_TRUE(told.empty()) << "never inside submit()";
  });
  run_for(1s);
  EXPECT_EQ(told, (std::vector<Told>(2, {Fate::expired, 1ms})));
  EXPECT_EQ(ran, 0);
}

TEST_F(DeadlinesTest, HasADeadlineForJobsThatNameNone) {
  deadlines.emplace(reactor, pool, Deadlines::Options{.deadline = 3s});
  submit({.end = End::hangs});
  submit({.end = End::hangs}, 5s);
  run_for(1h);
  EXPECT_EQ(told,
            (std::vector<Told>{{Fate::expired, 3s}, {Fate::expired, 5s}}));
}

TEST_F(DeadlinesTest, PassesRefusalsAndFailuresOn) {
  for (int i = 0; i < 5; ++i) submit({.end = End::throws}, 1s);
  run_for(1s);
  ASSERT_EQ(told.size(), 5u);
  EXPECT_EQ(told[0].fate, Fate::refused);
  for (std::size_t i = 1; i < 5; ++i) EXPECT_EQ(told[i].fate, Fate::failed);
}

// Both workers have a later job when the deadlines of the first two pass.
TEST_F(DeadlinesTest, TheDeadlineOfAJobThatThrewTouchesNoLaterOne) {
  for (int i = 0; i < 2; ++i) {
    submit({.length = 1s, .end = End::throws}, 3s);
    submit({.length = 5s, .heeds_token = true}, 1h);
  }
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::failed, 1s},
                                     {Fate::failed, 2s},
                                     {Fate::finished, 5s},
                                     {Fate::finished, 7s}}));
  EXPECT_EQ(pool.retired(), 0u);
}

TEST_F(DeadlinesTest, CancelReachesTheInnerExecutor) {
  const JobId running = submit({.length = 1s}, 1h);
  submit({.length = 1s}, 1h);
  const JobId waiting = submit({.length = 1s}, 1h);
  reactor.run_after(10ms, [&] {
    EXPECT_EQ(deadlines->cancel(waiting), Cancelled::dequeued);
    EXPECT_EQ(deadlines->cancel(running), Cancelled::asked);
    EXPECT_TRUE(told.empty()) << "never inside cancel()";
  });
  run_for(1h);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told.front(), (Told{Fate::dropped, 10ms}));
  EXPECT_EQ(deadlines->cancel(running), Cancelled::unknown);
}

TEST_F(DeadlinesTest, AJobThatHasExpiredCannotBeCancelled) {
  const JobId id = submit({.end = End::hangs}, 2s);
  reactor.run_after(2s + 50ms, [&] {
    EXPECT_EQ(deadlines->cancel(id), Cancelled::unknown);
    deadlines->abandon(id);
    EXPECT_EQ(pool.retired(), 0u) << "the grace is its own";
  });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::expired, 2s}}));
}

TEST_F(DeadlinesTest, AbandonReachesTheInnerExecutor) {
  const JobId id = submit({.end = End::hangs}, 2s);
  reactor.run_after(1s, [&] { deadlines->abandon(id); });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::dropped, 1s}}));
  EXPECT_EQ(pool.retired(), 1u);
}

TEST_F(DeadlinesTest, JobsOpenAtItsEndAreSettledAllTheSame) {
  submit({.length = 3s}, 2s);
  reactor.run_after(1s, [&] { deadlines.reset(); });
  run_for(1h);
  EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 3s}}));
}

TEST_F(DeadlinesTest, ACallbackMayDestroyIt) {
  pool.script({.end = End::hangs});
  deadlines->submit({.work = [](std::stop_token) {},
                     .settled = [&](Settled) { deadlines.reset(); },
                     .deadline = 1s});
  submit({.length = 3s}, 1s);
  run_for(1h);
  EXPECT_FALSE(deadlines.has_value());
  EXPECT_EQ(told, (std::vector<Told>{{Fate::finished, 3s}}));
}

}  // namespace
}  // namespace rp
