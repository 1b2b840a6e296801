#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "reactor/timer_queue.h"
#include "tests/support/timer_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using TimerQueueCancel = TimerFixture;

TEST_F(TimerQueueCancel, NeverFiresWhatWasCancelled) {
  const TimerId id = timers_.add(in(1ms), note("a"));
  EXPECT_TRUE(timers_.cancel(id));
  run_pass_after(1s);
  EXPECT_EQ(fired_, "");
}

TEST_F(TimerQueueCancel, LeavesTheCountAtOnceAlsoWhenNoneRemains) {
  const TimerId first = timers_.add(in(1ms), note("a"));
  const TimerId second = timers_.add(in(2ms), note("b"));
  timers_.cancel(first);
  EXPECT_EQ(timers_.size(), 1U);
  timers_.cancel(second);
  EXPECT_TRUE(timers_.empty());
  EXPECT_EQ(timers_.next_due(), std::nullopt);
  run_pass_after(1s);
  EXPECT_EQ(fired_, "");
}

TEST_F(TimerQueueCancel, FreesWhatTheCallbackOwnedAtOnce) {
  auto owned = std::make_shared<int>(1);
  const TimerId id = timers_.add(in(1h), [owned] {});
  timers_.add(in(2h), note("b"));
  timers_.cancel(id);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST_F(TimerQueueCancel, ReachesANeighbourDueInTheSamePass) {
  TimerId neighbour;
  timers_.add(in(1ms), [&] { timers_.cancel(neighbour); });
  neighbour = timers_.add(in(1ms), note("x"));
  timers_.add(in(1ms), note("c"));
  run_pass_after(1ms);
  EXPECT_EQ(fired_, "c");
}

TEST_F(TimerQueueCancel, StopsARepeatingTimerFromItsOwnCallback) {
  auto owned = std::make_shared<int>(1);
  TimerId self;
  self = timers_.add_repeating(in(1ms), 1ms, [this, &self, owned] {
    EXPECT_TRUE(timers_.cancel(self));
    fired_ += "a";
  });
  run_pass_after(1ms);
  run_pass_after(1ms);
  EXPECT_EQ(fired_, "a");
  EXPECT_EQ(owned.use_count(), 1);
}

TEST_F(TimerQueueCancel, SaysFalseForWhatIsGoneOrNeverWas) {
  const TimerId fired = timers_.add(in(0s), note("a"));
  run_pass();
  const TimerId cancelled = timers_.add(in(0s), note("b"));
  timers_.cancel(cancelled);
  EXPECT_FALSE(timers_.cancel(fired));
  EXPECT_FALSE(timers_.cancel(cancelled));
  EXPECT_FALSE(timers_.cancel(TimerId{}));
  EXPECT_FALSE(timers_.cancel(TimerId{77, 1}));
}

TEST_F(TimerQueueCancel, DoesNotTouchTheNextOwnerOfTheSlot) {
  const TimerId old = timers_.add(in(1ms), note("x"));
  timers_.cancel(old);
  const TimerId next = timers_.add(in(1ms), note("a"));
  EXPECT_EQ(next.slot, old.slot);
  EXPECT_FALSE(timers_.cancel(old));
  run_pass_after(1ms);
  EXPECT_EQ(fired_, "a");
}

TEST_F(TimerQueueCancel, NeverGivesAnIdAgain) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> ids;
  for (int i = 0; i < 1000; ++i) {
    const TimerId id = timers_.add(in(0s), note(""));
    EXPECT_TRUE(id);
    EXPECT_TRUE(ids.insert({id.slot, id.generation}).second);
    if (i % 2 == 0) timers_.cancel(id);
    if (i % 10 == 0) run_pass();
  }
}

TEST_F(TimerQueueCancel, LetsWhatTheCallbackOwnedCallTheQueue) {
  const TimerId other = timers_.add(in(1ms), note("x"));
  const auto cancel_other = [this, other](int*) { timers_.cancel(other); };
  std::shared_ptr<int> last_words(nullptr, cancel_other);
  const TimerId id = timers_.add(in(1ms), [owned = std::move(last_words)] {});
  timers_.cancel(id);
  EXPECT_TRUE(timers_.empty());
}

TEST_F(TimerQueueCancel, ClearsAllFromWithinAPass) {
  auto owned = std::make_shared<int>(1);
  timers_.add_repeating(in(0s), 1ms, [this] { timers_.clear(); });
  timers_.add(in(0s), [this, owned] { fired_ += "x"; });
  timers_.add(in(1h), [owned] {});
  run_pass();
  EXPECT_EQ(fired_, "");
  EXPECT_TRUE(timers_.empty());
  EXPECT_EQ(owned.use_count(), 1);
}

TEST_F(TimerQueueCancel, KeepsIdsApartAfterClear) {
  const TimerId before = timers_.add(in(1h), note("x"));
  timers_.clear();
  const TimerId after = timers_.add(in(0s), note("a"));
  EXPECT_FALSE(timers_.contains(before));
  EXPECT_TRUE(timers_.contains(after));
  EXPECT_NE(before, after);
}

}  // namespace
}  // namespace rp
