#include "pool/process_workers.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class WorkersOn : public ProcessWorkersFixture {};
RP_ON_BOTH_POLLERS(WorkersOn);

TEST_P(WorkersOn, AnswerALineWithALine) {
  start({.command = bracketing()});
  submit("a b");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a b"], "[a b]");
}

TEST_P(WorkersOn, GiveEachJobItsOwnAnswer) {
  start({.command = bracketing(), .workers = 3});
  for (int i = 0; i < 100; ++i) submit(std::to_string(i));
  ASSERT_TRUE(all_settled());
  for (int i = 0; i < 100; ++i) {
    const std::string line = std::to_string(i);
    EXPECT_EQ(ends_[line], "[" + line + "]");
  }
  EXPECT_EQ(stats().started, 3u);
}

TEST_P(WorkersOn, TakeAnEmptyLineAndGiveOne) {
  start({.command = {"cat"}});
  submit("");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_.at(""), "");
}

TEST_P(WorkersOn, PassEachByteThroughUnharmed) {
  start({.command = {"cat"}});
  std::string line;
  for (int byte = 0; byte < 256; ++byte) {
    if (byte != '\n') line += static_cast<char>(byte);
  }
  submit(line);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_[line], line);
}

TEST_P(WorkersOn, TakeALineThatNoSocketHoldsAtOnce) {
  start({.command = {"cat"}});
  const std::string line(3'000'000, 'x');
  submit(line);
  ASSERT_TRUE(all_settled());
  EXPECT_TRUE(ends_[line] == line);
}

TEST_P(WorkersOn, PutAnAnswerTogetherThatComesInPieces) {
  start({.command = shell("while read l; do printf a; printf 'b\\n'; done")});
  submit("x");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["x"], "ab");
}

TEST_P(WorkersOn, GiveAChildOneJobAtATime) {
  start({.command = bracketing(), .workers = 2});
  for (const char* line : {"hang", "hang 2", "a", "b"}) submit(line);
  EXPECT_EQ(stats().running, 2u);
  EXPECT_EQ(stats().waiting, 2u);
}

TEST_P(WorkersOn, RefuseWhatIsOneBeyondTheirCapacity) {
  start({.command = bracketing(), .workers = 1, .capacity = 2});
  for (const char* line : {"hang", "at", "limit", "beyond"}) submit(line);
  ASSERT_TRUE(until([this] { return open_ == 3; }));
  EXPECT_EQ(ends_.size(), 1u);
  EXPECT_EQ(ends_["beyond"],
            "refused: the job was refused: there is no room for it");
}

TEST_P(WorkersOn, NeverTellInsideSubmitOrCancel) {
  start({.command = bracketing(), .workers = 1, .capacity = 1});
  reactor_.run([&] {
    const JobId running = submit("hang");
    const JobId waiting = submit("a");
    submit("refused");
    submit("no time", 0ms);
    submit("two\nlines");
    workers_->cancel(waiting);
    workers_->cancel(running);
    EXPECT_EQ(open_, 5);
    reactor_.at_phase_end([this] { reactor_.stop(); });
  });
  EXPECT_EQ(open_, 0);
}

TEST_P(WorkersOn, FailALineThatHoldsANewline) {
  start({.command = {"cat"}});
  submit("two\nlines");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["two\nlines"], "failed: a job's line holds a newline");
}

TEST_P(WorkersOn, TakeAWaitingJobBack) {
  start({.command = bracketing(), .workers = 1});
  submit("hang");
  const JobId waiting = submit("a");
  EXPECT_EQ(workers_->cancel(waiting), Cancelled::dequeued);
  ASSERT_TRUE(until([this] { return open_ == 1; }));
  EXPECT_EQ(ends_["a"],
            "dropped: the job was dropped: cancelled, or its executor ended");
  EXPECT_EQ(stats().killed, 0u);
}

TEST_P(WorkersOn, KillTheChildOfAJobThatIsCancelled) {
  start({.command = bracketing(), .workers = 1});
  const JobId running = submit("hang");
  submit("a");
  EXPECT_EQ(workers_->cancel(running), Cancelled::asked);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["hang"].substr(0, 8), "dropped:");
  EXPECT_EQ(ends_["a"], "[a]");
  EXPECT_EQ(stats().killed, 1u);
}

TEST_P(WorkersOn, KnowNoJobThatIsSettled) {
  start({.command = bracketing()});
  const JobId job = submit("a");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(workers_->cancel(job), Cancelled::unknown);
  EXPECT_EQ(workers_->cancel(0), Cancelled::unknown);
  EXPECT_EQ(workers_->cancel(99), Cancelled::unknown);
}

TEST_P(WorkersOn, CountWhatTheyDid) {
  start({.command = bracketing(), .workers = 1});
  submit("a");
  submit("exit");
  submit("two\nlines");
  ASSERT_TRUE(all_settled());
  submit("no time", 0ms);
  ASSERT_TRUE(all_settled());
  const auto counted = stats();
  EXPECT_EQ(counted.submitted, 4u);
  EXPECT_EQ(counted.settled[static_cast<int>(Fate::finished)], 1u);
  EXPECT_EQ(counted.settled[static_cast<int>(Fate::failed)], 2u);
  EXPECT_EQ(counted.settled[static_cast<int>(Fate::expired)], 1u);
  EXPECT_EQ(counted.waiting + counted.running, 0u);
  EXPECT_EQ(workers_->queue_wait().count(), 2u);
  EXPECT_EQ(workers_->run_time().count(), 1u);
}

TEST_P(WorkersOn, MeasureTheTimesOfTheirJobs) {
  start({.command = {"cat"}, .workers = 1});
  submit("a");
  submit("b");
  clock_.advance(30ms);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(workers_->queue_wait().max(), 30ms);
  EXPECT_EQ(workers_->run_time().max(), 30ms);
}

TEST_P(WorkersOn, AreNotWaitedForByADrain) {
  start({.command = {"cat"}});
  reactor_.run([this] { reactor_.drain(1h); });
  EXPECT_EQ(reactor_.handlers(), 0u);
  submit("still there");
  EXPECT_TRUE(all_settled());
  EXPECT_EQ(ends_["still there"], "still there");
}

TEST_P(WorkersOn, TellNobodyWhereNobodyWantsToKnow) {
  start({.command = bracketing(), .workers = 1});
  workers_->submit("unheard", {});
  submit("a");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(stats().settled[static_cast<int>(Fate::finished)], 2u);
}

TEST_P(WorkersOn, RefuseOptionsThatMakeNoSense) {
  EXPECT_THROW(start({.command = {"cat"}, .workers = 0}),
               std::invalid_argument);
  EXPECT_THROW(start({.command = {"cat"}, .capacity = 0}),
               std::invalid_argument);
  EXPECT_THROW(start({.command = {}}), std::invalid_argument);
}

TEST_P(WorkersOn, DropTheirJobsWhenTheyEndAndTellOnTheLoop) {
  start({.command = bracketing(), .workers = 1});
  submit("hang");
  submit("a");
  workers_.reset();
  EXPECT_EQ(open_, 2);
  EXPECT_FALSE(has_children());
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["hang"].substr(0, 8), "dropped:");
  EXPECT_EQ(ends_["a"].substr(0, 8), "dropped:");
}

TEST_P(WorkersOn, MayBeEndedByWhomTheyTell) {
  start({.command = bracketing()});
  workers_->submit("a", [this](auto) { workers_.reset(); });
  submit("hang");
  EXPECT_TRUE(all_settled());
  EXPECT_EQ(ends_["hang"].substr(0, 8), "dropped:");
}

// A line in the middle of its life, and its last words.
TEST_P(WorkersOn, MayBeEndedByWhoReadsTheirErrors) {
  for (const char* script : {"echo oh >&2; read l", "printf oh >&2"}) {
    std::string said;
    workers_ = std::make_unique<ProcessWorkers>(
        reactor_,
        ProcessWorkers::Options{
            .command = shell(script),
            .workers = 1,
            .name = "w",
            .error_line = [this, &said, word = std::string(100, 'x')](auto) {
              workers_.reset();
              said = word;
            }});
    EXPECT_TRUE(until([&] { return !said.empty(); }));
    EXPECT_EQ(said, std::string(100, 'x'));
    EXPECT_FALSE(has_children());
  }
}

TEST(EndedWorkers, DestroyUncalledWhatTheReactorCannotTellAnyMore) {
  const auto owned = std::make_shared<int>(0);
  {
    Reactor reactor;
    ProcessWorkers workers{reactor, {.command = {"cat"}}};
    workers.submit("a", [owned](auto) { ++*owned; });
  }
  EXPECT_EQ(owned.use_count(), 1);
  EXPECT_EQ(*owned, 0);
  EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace rp
