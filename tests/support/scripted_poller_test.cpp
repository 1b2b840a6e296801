#include "tests/support/scripted_poller.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/print_ready.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class ScriptedPollerTest : public testing::Test {
 protected:
  FakeClock clock_;
  ScriptedPoller poller_{clock_};
  std::vector<Ready> ready_{{{9, 9}, true, true}};
};

TEST_F(ScriptedPollerTest, ReportsWhatWasWrittenDownInOrder) {
  const Ready first{{1, 1}, true, false};
  const Ready second{{2, 1}, false, true};
  poller_.then(std::vector{first, second});
  poller_.then(std::vector{second});
  poller_.wait(std::nullopt, ready_);
  EXPECT_EQ(ready_, (std::vector{first, second}));
  EXPECT_EQ(poller_.left(), 1U);
  poller_.wait(std::nullopt, ready_);
  EXPECT_EQ(ready_, std::vector{second});
}

TEST_F(ScriptedPollerTest, LetsNoTimePassWhenSomethingIsWrittenDown) {
  const TimePoint begin = clock_.now();
  poller_.then(std::vector<Ready>{});
  poller_.wait(1h, ready_);
  EXPECT_EQ(clock_.now(), begin);
}

TEST_F(ScriptedPollerTest, LetsTheTimeOutPassWhenNothingIs) {
  const TimePoint begin = clock_.now();
  poller_.wait(20ms, ready_);
  EXPECT_EQ(ready_, std::vector<Ready>{});
  EXPECT_EQ(clock_.now(), begin + 20ms);
}

TEST_F(ScriptedPollerTest, ThrowsInsteadOfWaitingForEver) {
  EXPECT_THROW(poller_.wait(std::nullopt, ready_), std::logic_error);
}

TEST_F(ScriptedPollerTest, RunsWhatHappensInsideAWait) {
  int runs = 0;
  poller_.then([&runs] { ++runs; });
  EXPECT_EQ(runs, 0);
  poller_.wait(std::nullopt, ready_);
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(ready_, std::vector<Ready>{});
}

TEST_F(ScriptedPollerTest, FindsTheHandleOfADescriptorWhenItWaits) {
  poller_.then_ready(5, Interest::reading());
  poller_.then_ready(6, Interest::reading());
  poller_.add(5, {3, 4}, Interest::reading());
  poller_.wait(0s, ready_);
  EXPECT_EQ(ready_, (std::vector<Ready>{{{3, 4}, true, false}}));
  poller_.wait(0s, ready_);
  EXPECT_EQ(ready_, std::vector<Ready>{});
}

TEST_F(ScriptedPollerTest, RecordsWhatItIsAsked) {
  poller_.add(5, {3, 4}, Interest::reading());
  poller_.modify(5, {3, 4}, {true, true});
  EXPECT_EQ(poller_.interest_of(5), (Interest{true, true}));
  poller_.remove(5);
  EXPECT_EQ(poller_.interest_of(5), std::nullopt);
  poller_.wait(7ms, ready_);
  EXPECT_EQ(poller_.log(),
            (std::vector<std::string>{"add 5 read", "modify 5 read+write",
                                      "remove 5"}));
  EXPECT_EQ(poller_.timeouts(), (std::vector<std::optional<Duration>>{7ms}));
}

TEST_F(ScriptedPollerTest, RefusesWhatARealPollerMustNotBeAsked) {
  poller_.add(5, {3, 4}, Interest::writing());
  EXPECT_THROW(poller_.add(5, {3, 4}, Interest::writing()), std::logic_error);
  EXPECT_THROW(poller_.modify(5, {3, 4}, Interest::none()), std::logic_error);
  EXPECT_THROW(poller_.modify(6, {3, 4}, Interest::writing()),
               std::logic_error);
  EXPECT_THROW(poller_.remove(6), std::logic_error);
}

}  // namespace
}  // namespace rp
