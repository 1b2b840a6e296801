#include "reactor/reactor.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/scripted_poller.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;
using Durations = std::vector<Duration>;

class Loop : public OnBothPollers {
 protected:
  // A handle that can be read for ever, and calls `read` each time.
  HandleId add_ready(Function<void()> read) {
    StreamPair pair;
    write_all(pair.theirs.get(), "x");
    others_.push_back(std::move(pair.theirs));
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [f = std::move(read)](Probe&) mutable { f(); };
    return reactor_.add(std::move(probe), Interest::reading());
  }

  std::vector<UniqueFd> others_;
};

RP_ON_BOTH_POLLERS(Loop);

TEST_P(Loop, NeverFiresAZeroTimerOfABlockThatStops) {
  for (int i = 0; i < 200; ++i) {
    Reactor reactor(make_poller(GetParam()));
    int fired = 0;
    reactor.run([&] {
      reactor.run_after(0s, [&] { ++fired; });
      reactor.stop();
    });
    ASSERT_EQ(fired, 0) << "in run " << i;
  }
}

TEST_P(Loop, RunsTheBlockBeforeTheFirstTick) {
  reactor_.run_after(0s, [&] { log_.push_back("timer"); });
  reactor_.run_after(1ms, [&] { reactor_.stop(); });
  reactor_.run([&] { log_.push_back("block"); });
  EXPECT_EQ(log_, (Strings{"block", "timer"}));
}

TEST_P(Loop, StopsBetweenPhasesAndNotWithinOne) {
  add_ready([&] { log_.push_back("read"); });
  reactor_.run_after(1ms, [&] { log_.push_back("first"), reactor_.stop(); });
  reactor_.run_after(1ms, [&] { log_.push_back("second"); });
  clock_.advance(1ms);
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"first", "second"}));
}

TEST_P(Loop, ServesAHandleBetweenATimerAndTheTimerItSets) {
  add_ready([&] { log_.push_back("read"); });
  reactor_.run_after(0s, [&] {
    log_.push_back("timer");
    reactor_.run_after(0s,
                       [&] { log_.push_back("its timer"), reactor_.stop(); });
  });
  reactor_.run();
  EXPECT_EQ(log_, (Strings{"timer", "read", "its timer"}));
}

TEST_P(Loop, FiresTiesInTheOrderTheyWereSet) {
  for (const char* name : {"a", "b", "c"}) {
    reactor_.run_after(5ms, [this, name] { log_.push_back(name); });
  }
  run_for(5ms);
  EXPECT_EQ(log_, (Strings{"a", "b", "c"}));
}

TEST_P(Loop, CancelsANeighbourThatIsDueInTheSamePass) {
  TimerId second;
  reactor_.run_after(5ms, [&] { EXPECT_TRUE(reactor_.cancel(second)); });
  second = reactor_.run_after(5ms, [&] { log_.push_back("second"); });
  run_for(10ms);
  EXPECT_EQ(log_, Strings{});
  EXPECT_FALSE(reactor_.cancel(second));
}

// Late by what its bodies take, it is due at 100 ms, 120 ms, 140 ms again.
TEST_P(Loop, KeepsARepeatingTimerOnItsGridHoweverLongItsBodyTakes) {
  const TimePoint start = clock_.now();
  Durations fired;
  reactor_.run_every(20ms, [&] {
    fired.push_back(clock_.now() - start);
    if (fired.size() <= 3) clock_.advance(30ms);
    if (fired.size() == 6) reactor_.stop();
  });
  reactor_.run();
  EXPECT_EQ(fired, (Durations{20ms, 50ms, 80ms, 110ms, 120ms, 140ms}));
}

TEST_P(Loop, CountsThePeriodsThatARepeatingTimerSkipped) {
  const TimePoint start = clock_.now();
  std::uint64_t fired = 0;
  reactor_.run_every(20ms, [&] {
    clock_.advance(30ms);
    if (++fired == 10) reactor_.stop();
  });
  reactor_.run();
  // The last began at 290 ms: 14 periods were over, 4 of them without it.
  EXPECT_EQ(clock_.now() - start, 320ms);
  EXPECT_EQ(reactor_.timers().skipped(), 4u);
}

TEST_P(Loop, TakesANegativeDelayForNone) {
  reactor_.run_after(-1h, [&] { log_.push_back("late"); });
  run_for(0s);
  EXPECT_EQ(log_, Strings{"late"});
}

TEST_P(Loop, NeverFiresATimerOfAnEndlessDelay) {
  reactor_.run_after(Duration::max(), [&] { log_.push_back("ever"); });
  reactor_.run_every(Duration::max(), [&] { log_.push_back("always"); });
  run_for(100h);
  EXPECT_EQ(log_, Strings{});
}

TEST_P(Loop, ShowsOneTimeThroughoutAPhase) {
  TimePoint first;
  reactor_.run_after(5ms, [&] {
    first = reactor_.now();
    clock_.advance(1s);
  });
  reactor_.run_after(5ms, [&] { EXPECT_EQ(reactor_.now(), first); });
  run_for(5ms);
  EXPECT_NE(first, TimePoint{});
}

TEST_P(Loop, ShowsThePresentBeforeItRuns) {
  clock_.advance(3h);
  EXPECT_EQ(reactor_.now(), clock_.now());
}

TEST_P(Loop, ReportsHowLateItsTimersAre) {
  reactor_.run_after(1ms, [&] { clock_.advance(9ms); });
  reactor_.run_after(2ms, [&] { reactor_.stop(); });
  reactor_.run();
  EXPECT_EQ(reactor_.stats().timer_lateness.count(), 2u);
  EXPECT_EQ(reactor_.stats().timer_lateness.min(), 0ms);
  EXPECT_EQ(reactor_.stats().timer_lateness.max(), 8ms);
}

TEST_P(Loop, MeasuresATickFromTheWaitToTheNextTick) {
  const HandleId id = add_ready([&] { clock_.advance(7ms); });
  reactor_.run_after(7ms, [&] { reactor_.close(id); });
  run_for(20ms);
  EXPECT_EQ(reactor_.stats().tick_length.max(), 7ms);
}

TEST_P(Loop, TakesTheTimeBetweenTwoRunsForNoTick) {
  run_for(20ms);
  clock_.advance(1h);
  run_for(20ms);
  EXPECT_EQ(reactor_.stats().tick_length.max(), 0ms);
}

class ScriptedLoop : public ::testing::Test {
 protected:
  FakeClock clock_;
  ScriptedPoller* poller_ = new ScriptedPoller(clock_);
  Reactor reactor_{std::unique_ptr<Poller>(poller_), clock_};
};

TEST_F(ScriptedLoop, WaitsForTheNextTimerAndNoLonger) {
  reactor_.run_after(5ms, [] {});
  reactor_.run_after(8ms, [&] { reactor_.stop(); });
  reactor_.run();
  ASSERT_EQ(poller_->timeouts().size(), 2u);
  EXPECT_EQ(poller_->timeouts()[0], 5ms);
  EXPECT_EQ(poller_->timeouts()[1], 3ms);
}

TEST_F(ScriptedLoop, WaitsForEverWhenThereIsNothingElseToDo) {
  poller_->then([&] { reactor_.stop(); });
  reactor_.run();
  ASSERT_EQ(poller_->timeouts().size(), 1u);
  EXPECT_EQ(poller_->timeouts()[0], std::nullopt);
}

TEST_F(ScriptedLoop, DoesNotWaitForATimerThatCameDueInACallback) {
  reactor_.run_after(5ms, [&] { clock_.advance(10ms); });
  reactor_.run_after(8ms, [&] { reactor_.stop(); });
  reactor_.run();
  ASSERT_EQ(poller_->timeouts().size(), 2u);
  EXPECT_EQ(poller_->timeouts()[1], 0ms);
}

TEST_F(ScriptedLoop, DoesNotWaitWhileAHandlerIsDead) {
  const HandleId id =
      reactor_.add(std::make_unique<Probe>(UniqueFd()), Interest::none());
  reactor_.run_after(0s, [&] { reactor_.close(id); });
  reactor_.run_after(1h, [&] { reactor_.stop(); });
  reactor_.run();
  EXPECT_EQ(poller_->timeouts(),
            (std::vector<std::optional<Duration>>{0s, 1h}));
}

TEST_F(ScriptedLoop, ReadsTheClockTwiceATickAndOnceMoreAfterATimer) {
  struct CountingClock : Clock {
    TimePoint now() override { return ++reads, TimePoint{} + reads * 1ms; }
    int reads = 0;
  } clock;
  auto owned = std::make_unique<ScriptedPoller>(clock_);
  ScriptedPoller& poller = *owned;
  Reactor reactor(std::move(owned), clock);
  poller.then([] {});
  poller.then([&] { reactor.stop(); });
  const int before = clock.reads;
  reactor.run();
  EXPECT_EQ(clock.reads - before, 1 + 2 * 2);
}

}  // namespace
}  // namespace rp
