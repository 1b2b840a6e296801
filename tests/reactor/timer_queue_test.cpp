#include "reactor/timer_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <random>
#include <ratio>
#include <stdexcept>
#include <vector>

#include "tests/support/timer_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using TimerQueueOrder = TimerFixture;

TEST_F(TimerQueueOrder, FiresWhatIsDueAndNoOther) {
  timers_.add(in(20ms), note("a"));
  timers_.add(in(21ms), note("b"));
  run_pass_after(20ms - 1ns);
  EXPECT_EQ(fired_, "");
  run_pass_after(1ns);
  EXPECT_EQ(fired_, "a");
  EXPECT_EQ(timers_.size(), 1U);
}

TEST_F(TimerQueueOrder, FiresTheSoonestFirst) {
  timers_.add(in(3ms), note("c"));
  timers_.add(in(1ms), note("a"));
  timers_.add(in(2ms), note("b"));
  run_pass_after(1s);
  EXPECT_EQ(fired_, "abc");
}

TEST_F(TimerQueueOrder, FiresTiesInTheOrderTheyWereSet) {
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    timers_.add(in(5ms), note(name));
  }
  run_pass_after(5ms);
  EXPECT_EQ(fired_, "abcdefg");
}

TEST_F(TimerQueueOrder, KeepsTiesInOrderAfterANeighbourWasCancelled) {
  const TimerId first = timers_.add(in(5ms), note("x"));
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    timers_.add(in(5ms), note(name));
  }
  timers_.cancel(first);
  run_pass_after(5ms);
  EXPECT_EQ(fired_, "abcdefg");
}

TEST_F(TimerQueueOrder, KeepsTiesInOrderInASlotThatIsUsedAgain) {
  const TimerId gone = timers_.add(in(5ms), note("x"));
  timers_.add(in(5ms), note("a"));
  timers_.cancel(gone);
  timers_.add(in(5ms), note("b"));
  timers_.add(in(5ms), note("c"));
  run_pass_after(5ms);
  EXPECT_EQ(fired_, "abc");
}

TEST_F(TimerQueueOrder, FiresARepeatingTieInTheOrderItWasSet) {
  timers_.add_repeating(in(10ms), 10ms, note("r"));
  timers_.add(in(20ms), note("o"));
  run_pass_after(10ms);
  run_pass_after(10ms);
  EXPECT_EQ(fired_, "rro");
}

TEST_F(TimerQueueOrder, KnowsWhenTheSoonestIsDue) {
  EXPECT_EQ(timers_.next_due(), std::nullopt);
  const TimePoint soon = in(2ms);
  const TimerId id = timers_.add(soon, note("a"));
  timers_.add(in(9ms), note("b"));
  EXPECT_EQ(timers_.next_due(), soon);
  timers_.cancel(id);
  EXPECT_EQ(timers_.next_due(), in(9ms));
}

TEST_F(TimerQueueOrder, SaysWhichTimerComesNextAndWhenItWasDue) {
  const TimePoint due = in(2ms);
  const TimerId id = timers_.add(due, note("a"));
  clock_.advance(5ms);
  timers_.begin_pass(clock_.now());
  EXPECT_EQ(timers_.next_in_pass(), id);
  EXPECT_EQ(timers_.due_in_pass(), due);
  timers_.run_next();
  EXPECT_EQ(timers_.next_in_pass(), std::nullopt);
}

TEST_F(TimerQueueOrder, TakesTimesAtBothEndsOfTime) {
  timers_.add(TimePoint::max(), note("never"));
  timers_.add_repeating(TimePoint::min(), Duration::max(), note("once"));
  run_pass();
  run_pass_after(24h);
  EXPECT_EQ(fired_, "once");
  EXPECT_EQ(timers_.size(), 2U);
}

using TimerQueuePass = TimerFixture;

TEST_F(TimerQueuePass, LeavesATimerOfZeroSetByATimerForTheNextPass) {
  timers_.add(in(0s), [this] {
    fired_ += "a";
    timers_.add(in(0s), note("b"));
  });
  run_pass();
  EXPECT_EQ(fired_, "a");
  run_pass();
  EXPECT_EQ(fired_, "ab");
}

TEST_F(TimerQueuePass, IsNotStoppedByATimerThatWasDueLongBeforeItsOthers) {
  timers_.add(in(1ms), [this] { timers_.add(TimePoint{}, note("late")); });
  timers_.add(in(2ms), note("a"));
  timers_.add(in(3ms), note("b"));
  run_pass_after(3ms);
  EXPECT_EQ(fired_, "ab");
  run_pass();
  EXPECT_EQ(fired_, "ablate");
}

TEST_F(TimerQueuePass, FiresNothingThatWasSetAfterItBegan) {
  timers_.begin_pass(clock_.now());
  timers_.add(in(0s), note("a"));
  EXPECT_FALSE(timers_.next_in_pass());
  EXPECT_EQ(timers_.next_due(), clock_.now());
}

TEST_F(TimerQueuePass, GoesOnAfterACallbackHasThrown) {
  timers_.add(in(0s), [] { throw std::runtime_error("first"); });
  timers_.add(in(0s), note("b"));
  timers_.begin_pass(clock_.now());
  EXPECT_THROW(timers_.run_next(), std::runtime_error);
  EXPECT_EQ(timers_.size(), 1U);
  timers_.run_next();
  EXPECT_EQ(fired_, "b");
}

TEST_F(TimerQueuePass, KeepsARepeatingTimerThatHasThrown) {
  int calls = 0;
  timers_.add_repeating(in(10ms), 10ms, [&calls] {
    if (++calls == 1) throw std::runtime_error("first");
  });
  EXPECT_THROW(run_pass_after(10ms), std::runtime_error);
  run_pass_after(10ms);
  EXPECT_EQ(calls, 2);
}

TEST_F(TimerQueuePass, RunsNothingWhenItIsOver) {
  timers_.add(in(1ms), note("a"));
  timers_.begin_pass(clock_.now());
  timers_.run_next();
  EXPECT_EQ(fired_, "");
}

class TimerQueueRepeat : public TimerFixture {
 protected:
  /// From the begin to the next due time.
  double next_due_ms() const {
    return std::chrono::duration<double, std::milli>(*timers_.next_due() -
                                                     begin_)
        .count();
  }

  const TimePoint begin_ = clock_.now();
};

TEST_F(TimerQueueRepeat, FiresEveryPeriod) {
  timers_.add_repeating(in(5ms), 20ms, note("a"));
  run_pass_after(5ms);
  for (int i = 0; i < 3; ++i) run_pass_after(20ms);
  EXPECT_EQ(fired_, "aaaa");
  EXPECT_EQ(timers_.skipped(), 0U);
}

TEST_F(TimerQueueRepeat, HasItsNextDueTimeBeforeItsCallbackRuns) {
  std::optional<TimePoint> next;
  timers_.add_repeating(in(10ms), 10ms, [&] { next = timers_.next_due(); });
  run_pass_after(10ms);
  EXPECT_EQ(next, in(10ms));
}

TEST_F(TimerQueueRepeat, DoesNotDriftWhenEachPassIsLate) {
  timers_.add_repeating(in(20ms), 20ms, note("a"));
  for (int i = 1; i <= 100; ++i) {
    clock_.set(begin_ + i * 20ms + 3ms);
    run_pass();
    EXPECT_EQ(next_due_ms(), (i + 1) * 20);
  }
  EXPECT_EQ(timers_.skipped(), 0U);
}

// A period of 20 ms and a body of 30 ms: each period is either served or
// counted as skipped, and every due time stays a multiple of 20 ms.
TEST_F(TimerQueueRepeat, CountsWhatABodyLongerThanItsPeriodSkips) {
  std::uint64_t calls = 0;
  timers_.add_repeating(in(20ms), 20ms, [&] {
    ++calls;
    clock_.advance(30ms);
  });
  while (calls < 20) {
    clock_.set(std::max(clock_.now(), *timers_.next_due()));
    run_pass();
    const auto periods = static_cast<int>(calls + timers_.skipped());
    EXPECT_EQ(next_due_ms(), (periods + 1) * 20);
  }
  EXPECT_EQ(timers_.skipped(), 9U);
}

TEST_F(TimerQueueRepeat, FiresOnceAfterALongSleepAndSkipsTheRest) {
  timers_.add_repeating(in(10ms), 10ms, note("a"));
  run_pass_after(1000ms);
  EXPECT_EQ(fired_, "a");
  EXPECT_EQ(timers_.skipped(), 99U);
  EXPECT_EQ(next_due_ms(), 1010);
}

// Counted one by one, the periods would take hours.
TEST_F(TimerQueueRepeat, CountsAYearOfMicrosecondsAtOnce) {
  timers_.add_repeating(in(500ns), 1us, note("a"));
  run_pass_after(365 * 24h);
  EXPECT_EQ(fired_, "a");
  EXPECT_EQ(timers_.skipped(), 365 * 24h / 1us - 1U);
}

TEST_F(TimerQueueRepeat, StaysWithinTimeWhenItsPeriodDoesNot) {
  timers_.add_repeating(in(1ms), Duration::max(), note("a"));
  run_pass_after(1ms);
  EXPECT_EQ(fired_, "a");
  EXPECT_EQ(timers_.next_due(), TimePoint::max());
}

TEST_F(TimerQueueRepeat, RefusesAPeriodThatIsNotPositive) {
  EXPECT_THROW(timers_.add_repeating(in(0s), 0s, note("")),
               std::invalid_argument);
  EXPECT_THROW(timers_.add_repeating(in(0s), -1ns, note("")),
               std::invalid_argument);
  EXPECT_NO_THROW(timers_.add_repeating(in(0s), 1ns, note("")));
}

using TimerQueueMany = TimerFixture;

TEST_F(TimerQueueMany, ServesAMillionWithEverySecondOneCancelled) {
  constexpr int count = 1'000'000;
  std::vector<int> delays(count);
  std::iota(delays.begin(), delays.end(), 0);
  std::shuffle(delays.begin(), delays.end(), std::mt19937(1));
  std::vector<TimerId> ids;
  std::vector<int> order;
  order.reserve(count);
  for (const int delay : delays) {
    ids.push_back(timers_.add(in(Duration{delay}),
                              [&order, delay] { order.push_back(delay); }));
  }
  for (std::size_t i = 0; i < ids.size(); i += 2) timers_.cancel(ids[i]);
  EXPECT_EQ(timers_.size(), count / 2U);
  run_pass_after(1s);
  EXPECT_EQ(order.size(), count / 2U);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

}  // namespace
}  // namespace rp
