#include "rpc/loop_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "reactor/mailbox.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class LoopWatchTest : public testing::Test {
 protected:
  void run_for(Duration time, Task block = {}) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run(std::move(block));
  }

  const LoopWatch::Slow* slow(std::string_view what, Duration begin,
                              Duration length, std::string_view method = "") {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    return watch.slow({.time = duration_cast<microseconds>(begin),
                       .tick = 1,
                       .phase = "timers",
                       .what = what,
                       .id = 7,
                       .length = duration_cast<microseconds>(length)},
                      method);
  }

  // "call sleep 1": what, name, times.
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& one : watch.slow()) {
      names.push_back(one.what + " " + one.name + " " +
                      std::to_string(one.times));
    }
    return names;
  }
  using Names = std::vector<std::string>;

  FakeClock clock;
  Reactor reactor{std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock),
                  clock};
  LoopWatch watch{reactor};
};

TEST_F(LoopWatchTest, ALoopThatIsFreeHasNoLag) {
  run_for(1s, [this] { watch.look(); });
  EXPECT_EQ(watch.lag().count(), 20U);
  EXPECT_EQ(watch.lag().max(), 0ns);
}

TEST_F(LoopWatchTest, ABlockedLoopIsLateForEachOfTheTimesThatWentBy) {
  reactor.run_after(110ms, [this] { clock.advance(500ms); });
  run_for(620ms, [this] { watch.look(); });
  // Due at 150, 200, ... 600; it came at 610.
  EXPECT_EQ(watch.lag().count(), 2U + 10U);
  EXPECT_EQ(watch.lag().max(), 460ms);
  EXPECT_NEAR(static_cast<double>(watch.lag().percentile(75) / 1ms), 310, 11);
}

TEST_F(LoopWatchTest, MeasuresHowLongTicksTake) {
  const Mailbox loop(reactor);
  loop.post([this] { clock.advance(30ms); });
  run_for(100ms, [this] { watch.look(); });
  EXPECT_GE(watch.ticks().max(), 30ms);
  EXPECT_LT(watch.ticks().max(), 31ms);
}

TEST_F(LoopWatchTest, WhatHappenedBeforeTheFirstLookIsNoNews) {
  const Mailbox loop(reactor);
  loop.post([this] { clock.advance(30s); });
  reactor.run_after(31s, [this] { watch.look(); });
  run_for(32s);
  EXPECT_GT(watch.ticks().count(), 0U);
  EXPECT_EQ(watch.ticks().max(), 0ns);
  EXPECT_EQ(watch.lag().max(), 0ns);
}

TEST_F(LoopWatchTest, AnIdleLoopSleepsWhenNobodyLooks) {
  run_for(100s, [this] { watch.look(); });
  // 5 s of looking, and the end.
  EXPECT_LT(reactor.stats().ticks, 110U);
}

TEST_F(LoopWatchTest, GoesOnWhenItIsLookedAtAgain) {
  for (Duration at = 0s; at < 20s; at += 4s) {
    reactor.run_after(at, [this] { watch.look(); });
  }
  run_for(20s);
  EXPECT_GE(watch.lag().count(), 100U);
}

TEST_F(LoopWatchTest, GoesOnInTheNextRun) {
  run_for(1s, [this] { watch.look(); });
  clock.advance(10s);
  run_for(1s, [this] { watch.look(); });
  EXPECT_EQ(watch.lag().count(), 20U);
}

TEST_F(LoopWatchTest, NamesASlowCallByItsMethod) {
  slow("call", 0s, 300ms, "sleep_on_loop");
  EXPECT_EQ(names(), Names{"call sleep_on_loop 1"});
  EXPECT_EQ(watch.slow().front().length, 300ms);
  EXPECT_EQ(watch.slow().front().at, clock.now());
}

TEST_F(LoopWatchTest, LeavesOutTheCallbackThatOnlyHeldASlowOne) {
  const auto* inner = slow("call", 10ms, 300ms, "sleep_on_loop");
  ASSERT_NE(inner, nullptr);
  EXPECT_EQ(inner->name, "sleep_on_loop");
  EXPECT_EQ(slow("read", 9ms, 302ms), nullptr);
  EXPECT_EQ(names(), Names{"call sleep_on_loop 1"});
  EXPECT_EQ(watch.slow_count(), 1U);
}

TEST_F(LoopWatchTest, KeepsOneThatWasSlowByItselfAsWell) {
  slow("call", 10ms, 300ms, "sleep_on_loop");
  slow("read", 10ms, 700ms);
  EXPECT_EQ(names(), (Names{"read  1", "call sleep_on_loop 1"}));
}

TEST_F(LoopWatchTest, CountsThoseOfOneNameTogetherAndTellsTheNewestFirst) {
  slow("timer", 0s, 200ms, "add");
  slow("call", 1s, 200ms, "a");
  slow("timer", 2s, 150ms, "add");
  EXPECT_EQ(names(), (Names{"timer  2", "call a 1"}));
}

TEST_F(LoopWatchTest, KeepsThirtyTwoNamesAndCountsAll) {
  for (int i = 0; i < 33; ++i) {
    slow("call", i * 1s, 200ms, "m" + std::to_string(i));
  }
  EXPECT_EQ(watch.slow().size(), 32U);
  EXPECT_EQ(watch.slow().back().name, "m1");
  EXPECT_EQ(watch.slow_count(), 33U);
}

}  // namespace
}  // namespace rp
