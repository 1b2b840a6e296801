#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "pool/process_workers.h"
#include "tests/support/faults.h"
#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr const char* kExpired = "expired: the job's deadline passed";

class LateWorkers : public ProcessWorkersFixture {};
RP_ON_BOTH_POLLERS(LateWorkers);

TEST_P(LateWorkers, AreToldOfInTheTickInWhichTheDeadlinePasses) {
  start({.command = bracketing()});
  const TimePoint begin = clock_.now();
  submit("hang", 300ms);
  after(300ms - 1ns);
  EXPECT_EQ(open_, 1);
  after(1ns);
  EXPECT_EQ(ends_["hang"], kExpired);
  EXPECT_EQ(settled_at_["hang"], begin + 300ms);
}

TEST_P(LateWorkers, AreKilledReapedAndReplaced) {
  start({.command = bracketing(), .workers = 1});
  const Watched old(workers_->pids().front());
  submit("spin", 300ms);
  submit("a");
  let_time_pass();
  EXPECT_EQ(ends_["spin"], kExpired);
  EXPECT_EQ(ends_["a"], "[a]");
  EXPECT_TRUE(old.ends());
  EXPECT_EQ(stats().killed, 1u);
  EXPECT_EQ(stats().started, 2u);
  EXPECT_EQ(stats().workers, 1u);
}

TEST_P(LateWorkers, AreReplacedWithoutAPause) {
  start({.command = bracketing(),
         .workers = 1,
         .first_pause = 1h,
         .longest_pause = 1h});
  submit("hang", 300ms);
  submit("a");
  after(300ms);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"], "[a]");
}

TEST_P(LateWorkers, AreKilledWithAllTheyStarted) {
  start({.command = shell("read l; sleep 1000 & echo $! >&2; wait")});
  submit("x", 300ms);
  ASSERT_TRUE(until([this] { return !errors_.empty(); }));
  const std::string& said = errors_.front();
  const Watched grandchild(std::stoi(said.substr(said.rfind(' '))));
  let_time_pass();
  EXPECT_EQ(ends_["x"], kExpired);
  EXPECT_TRUE(grandchild.ends());
}

TEST_P(LateWorkers, NeverGetAJobWhoseDeadlinePassedWhileItWaited) {
  start({.command = shell("while read -r l; do echo \"$l\" >&2; done"),
         .workers = 1});
  const JobId first = submit("first");
  submit("second", 300ms);
  ASSERT_TRUE(until([this] { return errors_.size() == 1; }));
  after(300ms);
  ASSERT_EQ(ends_["second"], kExpired);
  workers_->cancel(first);
  submit("third");
  ASSERT_TRUE(until([this] { return errors_.size() == 2; }));
  EXPECT_EQ(errors_[1].substr(errors_[1].find(' ')), " third");
  EXPECT_EQ(stats().killed, 1u);
}

TEST_P(LateWorkers, NeverGetAJobWhoseDeadlinePassedBetweenTwoRuns) {
  start({.command = shell("while read l; do echo $l; echo $l >&2; done"),
         .workers = 1});
  submit("a");
  submit("late", 300ms);
  {
    const Fault deaf = Fault::on_any().recv({Fault::error(EAGAIN).always()});
    ASSERT_TRUE(until([this] { return errors_.size() == 1; }));
  }
  clock_.advance(300ms);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"], "a");
  EXPECT_EQ(ends_["late"], kExpired);
  turn();
  EXPECT_EQ(stats().killed, 0u);
  EXPECT_EQ(workers_->queue_wait().count(), 1u);
}

TEST_P(LateWorkers, AreNotKilledForAJobThatWaited) {
  start({.command = bracketing(), .workers = 1});
  const JobId running = submit("hang");
  submit("late", 300ms);
  after(300ms);
  EXPECT_EQ(stats().killed, 0u);
  EXPECT_EQ(stats().running, 1u);
  workers_->cancel(running);
}

TEST_P(LateWorkers, HaveADeadlineOfTheirOwnForJobsThatNameNone) {
  start({.command = bracketing(), .deadline = 200ms});
  const TimePoint begin = clock_.now();
  submit("hang");
  submit("hang 2", 300ms);
  after(200ms);
  after(100ms);
  EXPECT_EQ(settled_at_["hang"], begin + 200ms);
  EXPECT_EQ(settled_at_["hang 2"], begin + 300ms);
}

TEST_P(LateWorkers, CountFromTheSubmissionAndNotFromTheStart) {
  start({.command = bracketing(), .workers = 1});
  const JobId first = submit("hang 1");
  submit("hang", 300ms);
  after(200ms);
  workers_->cancel(first);
  ASSERT_TRUE(until([this] { return stats().waiting == 0; }));
  after(100ms);
  EXPECT_EQ(ends_["hang"], kExpired);
}

TEST_P(LateWorkers, ExpireAJobAtOnceThatHasNoTime) {
  start({.command = bracketing()});
  submit("zero", 0ms);
  submit("less", -1ms);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["zero"], kExpired);
  EXPECT_EQ(ends_["less"], kExpired);
  EXPECT_EQ(workers_->queue_wait().count(), 0u);
}

TEST_P(LateWorkers, TakeADeadlineLongerThanTimeForNone) {
  start({.command = bracketing()});
  submit("a", Duration::max());
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"], "[a]");
}

TEST_P(LateWorkers, KeepTheirDeadlinesFromOneRunToTheNext) {
  start({.command = bracketing(), .workers = 1});
  submit("hang", 300ms);
  submit("a", 300ms);
  turn();
  after(300ms);
  EXPECT_EQ(ends_["hang"], kExpired);
  EXPECT_EQ(ends_["a"], kExpired);
}

TEST_P(LateWorkers, IgnoreAnAnswerThatComesAfterTheDeadline) {
  start({.command = bracketing(), .workers = 1});
  submit("late", 300ms);
  clock_.advance(300ms);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["late"], kExpired);
  submit("next");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["next"], "[next]");
}

class HungWorkers : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Workers, HungWorkers, testing::Values(1, 2, 8, 64),
                         testing::PrintToStringParamName());

// On the machine's own clock.
TEST_P(HungWorkers, AreAllKilledReapedAndReplaced) {
  Reactor reactor;
  ProcessWorkers workers{reactor,
                         {.command = bracketing(), .workers = GetParam()}};
  std::size_t expired = 0, answered = 0;
  for (std::size_t i = 0; i < GetParam(); ++i) {
    workers.submit(
        "hang",
        [&](Outcome<std::string> end) {
          if (end.fate() == Fate::expired) ++expired;
        },
        50ms);
  }
  ASSERT_TRUE(run_until(reactor, [&] { return expired == GetParam(); }));
  for (std::size_t i = 0; i < GetParam(); ++i) {
    workers.submit("a", [&](Outcome<std::string> end) {
      if (end.ok()) ++answered;
    });
  }
  ASSERT_TRUE(run_until(reactor, [&] { return answered == GetParam(); }));
  // A child that was replaced may answer before another one is reaped.
  EXPECT_TRUE(
      run_until(reactor, [&] { return workers.stats().killed == GetParam(); }));
}

}  // namespace
}  // namespace rp
