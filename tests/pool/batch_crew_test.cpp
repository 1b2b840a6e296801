#include "pool/batch_crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "tests/support/fake_clock.h"

namespace rp {
namespace {

class CountedTask : public BatchTask {
 public:
  CountedTask(std::size_t number, int& runs) : BatchTask(number), runs_(runs) {}
  void run(std::stop_token) override { ++runs_; }

 private:
  int& runs_;
};

// A clock on which something happens whenever a worker has taken a task and
// is about to begin it.
class EventfulClock : public FakeClock {
 public:
  TimePoint now() override {
    event();
    return FakeClock::now();
  }
  std::function<void()> event = [] {};
};

class BatchCrewTest : public testing::Test {
 protected:
  void push_tasks(std::size_t count) {
    for (std::size_t task = 0; task < count; ++task) {
      crew_->input.push(std::make_unique<CountedTask>(task, runs_));
    }
  }

  EventfulClock clock_;
  int runs_ = 0;
  std::shared_ptr<BatchCrew> crew_ = std::make_shared<BatchCrew>(
      1, 4, true, clock_, std::make_shared<std::atomic<std::size_t>>(0));
};

TEST_F(BatchCrewTest, RunsWhatItWasGivenUpToThePill) {
  push_tasks(3);
  crew_->input.poison();
  crew_->serve(0);
  EXPECT_EQ(runs_, 3);
  EXPECT_EQ(crew_->result.size(), 4u) << "three ends and a farewell";
}

// A stuck worker's successor makes two where one is allowed at a time.
TEST_F(BatchCrewTest, BeginsNothingAfterAStopHoweverManyHaveTakenATask) {
  push_tasks(3);
  std::size_t at_work = 1;
  clock_.event = [&] {
    at_work < 3 ? crew_->serve(at_work++) : crew_->start_nothing();
  };
  crew_->serve(0);
  EXPECT_EQ(runs_, 0);
  EXPECT_EQ(crew_->result.size(), 3u) << "three farewells";
}

TEST_F(BatchCrewTest, BeginsNothingAfterASecondStop) {
  push_tasks(1);
  clock_.event = [&] {
    crew_->start_nothing();
    crew_->stop_all();
  };
  crew_->serve(0);
  EXPECT_EQ(runs_, 0);
}

}  // namespace
}  // namespace rp
