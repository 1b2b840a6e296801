#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class WatchedWorkers : public ProcessWorkersFixture {
 protected:
  void start_watched(std::size_t workers) {
    start({.command = bracketing(),
           .workers = workers,
           .left = [this](const ProcessWorkers::AtWork& child, Fate fate) {
             left_.push_back(std::to_string(child.place) + " " + child.kind +
                             " " + std::to_string(child.id) + " " +
                             std::string(to_string(fate)));
           }});
  }

  void submit_kind(const std::string& line, std::string kind,
                   Duration deadline = 1h) {
    ++open_;
    workers_->submit(
        line, [this](const Outcome<std::string>&) { --open_; }, deadline, {},
        std::move(kind));
  }

  // The kind of each place's job, "-": none.
  Strings kinds() const {
    Strings kinds;
    for (const auto& child : workers_->at_work()) {
      kinds.push_back(child.id == 0 ? "-" : child.kind);
    }
    return kinds;
  }

  Strings left_;
};
RP_ON_BOTH_POLLERS(WatchedWorkers);

TEST_P(WatchedWorkers, ShowWhatEachChildDoes) {
  start_watched(2);
  EXPECT_EQ(kinds(), (Strings{"-", "-"}));
  submit_kind("hang", "slow");
  EXPECT_EQ(kinds(), (Strings{"slow", "-"}));
  const auto child = workers_->at_work().at(0);
  EXPECT_EQ(child.pid, workers_->pids().at(0));
  EXPECT_EQ(child.since, clock_.now());
}

TEST_P(WatchedWorkers, TellWhenAChildHasAnswered) {
  start_watched(1);
  submit_kind("a", "quick");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(left_, Strings{"0 quick 1 finished"});
  EXPECT_EQ(kinds(), Strings{"-"});
}

TEST_P(WatchedWorkers, TellWhenAChildHasDiedOfItsJob) {
  start_watched(1);
  submit_kind("crash", "bad");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(left_, Strings{"0 bad 1 failed"});
}

TEST_P(WatchedWorkers, TellWhenADeadlineHasKilledTheChild) {
  start_watched(1);
  submit_kind("hang", "slow", 1s);
  turn();
  after(1s);
  EXPECT_EQ(left_, Strings{"0 slow 1 expired"});
}

TEST_P(WatchedWorkers, TellNothingOfAJobThatNoChildHasBegun) {
  start_watched(1);
  submit_kind("hang", "slow");
  submit_kind("b", "late", 1s);
  turn();
  after(1s);
  EXPECT_EQ(open_, 1);
  EXPECT_EQ(left_, Strings());
}

}  // namespace
}  // namespace rp
