#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <string>

#include "pool/process_workers.h"
#include "tests/support/descriptor_limit.h"
#include "tests/support/directory.h"
#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class RestartedWorkers : public ProcessWorkersFixture {
 protected:
  /// The pause before the next start is exactly this.
  void expect_pause(Duration pause) {
    ASSERT_TRUE(all_dead());
    const auto before = stats().started;
    after(pause - 1ns);
    EXPECT_EQ(stats().started, before) << pause.count();
    after(1ns);
    EXPECT_EQ(stats().started, before + 1) << pause.count();
  }
};
RP_ON_BOTH_POLLERS(RestartedWorkers);

TEST_P(RestartedWorkers, WaitTwiceAsLongEachTimeUpToTheLongestPause) {
  start({.command = {"false"},
         .workers = 1,
         .first_pause = 10ms,
         .longest_pause = 50ms});
  for (const auto pause : {10ms, 20ms, 40ms, 50ms, 50ms}) expect_pause(pause);
}

TEST_P(RestartedWorkers, BeginAgainAfterAnAnswer) {
  start({.command = bracketing(), .workers = 1, .first_pause = 10ms});
  for (const auto pause : {10ms, 20ms}) {
    submit("exit");
    expect_pause(pause);
  }
  submit("a");
  ASSERT_TRUE(all_settled());
  submit("exit");
  expect_pause(10ms);
}

TEST_P(RestartedWorkers, TakeALongestPauseThatIsEndless) {
  start({.command = {"false"},
         .workers = 1,
         .first_pause = Duration::max(),
         .longest_pause = Duration::max()});
  ASSERT_TRUE(all_dead());
  after(10'000h);
  EXPECT_EQ(stats().started, 1u);
}

TEST_P(RestartedWorkers, KeepTheirPauseFromOneRunToTheNext) {
  start({.command = {"false"}, .workers = 1, .first_pause = 10ms});
  ASSERT_TRUE(all_dead());
  turn();
  expect_pause(10ms);
}

TEST_P(RestartedWorkers, FailAllJobsAtOnceWhenTheProgramIsNotThere) {
  start({.command = {"no-such-program"}});
  for (const char* line : {"a", "b", "c"}) submit(line);
  ASSERT_TRUE(all_settled());
  const std::string why =
      ") cannot be started: no-such-program: No such file or directory";
  for (const char* line : {"a", "b", "c"}) {
    EXPECT_NE(ends_[line].find(why), std::string::npos) << ends_[line];
  }
  submit("later");
  ASSERT_TRUE(all_settled());
  EXPECT_NE(ends_["later"].find(why), std::string::npos);
}

TEST_P(RestartedWorkers, WorkWhenTheProgramIsThereInTheEnd) {
  const Directory directory;
  const std::string program = directory / "worker";
  start({.command = {program}, .workers = 1, .first_pause = 10ms});
  ASSERT_TRUE(all_dead());
  std::ofstream(program) << "#!/bin/sh\ncat\n";
  ::chmod(program.c_str(), 0700);
  submit("early");
  after(10ms);
  submit("late");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["early"].substr(0, 7), "failed:");
  EXPECT_EQ(ends_["late"], "late");
}

TEST_P(RestartedWorkers, FailWhatWaitsWhenNoOtherCanBeStarted) {
  start({.command = bracketing(), .workers = 1, .first_pause = 10ms});
  const JobId running = submit("hang");
  submit("a");
  // Two are left: enough for a socket, and then for none of the pipes.
  UniqueFd one{::dup(0)}, two{::dup(0)};
  DescriptorLimit limit;
  limit.exhaust();
  one.reset();
  two.reset();
  workers_->cancel(running);
  ASSERT_TRUE(all_settled());
  limit.give_back();
  EXPECT_EQ(ends_["a"],
            "failed: worker w cannot be started: start sh: pipe: Too many "
            "open files");
  after(10ms);
  submit("b");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["b"], "[b]");
}

TEST_P(RestartedWorkers, LeaveJobsToAnotherChildThatLives) {
  const Directory directory;
  const std::string program = directory / "worker";
  std::ofstream(program) << "#!/bin/sh\ncat\n";
  ::chmod(program.c_str(), 0700);
  start({.command = {program}, .workers = 2});
  for (const char* line : {"a", "b"}) submit(line);
  ASSERT_TRUE(all_settled());
  ::unlink(program.c_str());
  ::kill(workers_->pids().front(), SIGKILL);
  ASSERT_TRUE(until([this] { return stats().workers == 1; }));
  clock_.advance(10ms);
  ASSERT_TRUE(until([this] { return stats().started == 3; }));
  for (const char* line : {"c", "d"}) submit(line);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["c"], "c");
  EXPECT_EQ(ends_["d"], "d");
}

}  // namespace
}  // namespace rp
