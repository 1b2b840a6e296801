#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pool/process_workers.h"
#include "tests/support/faults.h"
#include "tests/support/handlers.h"
#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class LostWorkers : public ProcessWorkersFixture {
 protected:
  /// What the only worker's end is told as.
  static std::string lost(pid_t pid, const std::string& how) {
    return "failed: worker w (pid " + std::to_string(pid) + ") " + how;
  }
  pid_t pid() const { return workers_->pids().front(); }
};
RP_ON_BOTH_POLLERS(LostWorkers);

TEST_P(LostWorkers, FailTheirJobWithTheSignalAndTheNextJobWorks) {
  start({.command = bracketing(), .workers = 1});
  const pid_t first = pid();
  submit("crash");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["crash"], lost(first, "was killed by signal 11 (SIGSEGV)"));
  submit("a");
  let_time_pass();
  EXPECT_EQ(ends_["a"], "[a]");
}

TEST_P(LostWorkers, FailTheirJobWithTheStatus) {
  start({.command = bracketing(), .workers = 1});
  const pid_t first = pid();
  submit("exit");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["exit"], lost(first, "ended with status 3"));
}

TEST_P(LostWorkers, FailTheirJobWhenSomebodyElseKillsThem) {
  start({.command = bracketing(), .workers = 1});
  const pid_t first = pid();
  submit("hang");
  ::kill(first, SIGKILL);
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["hang"], lost(first, "was killed by signal 9 (SIGKILL)"));
  EXPECT_EQ(stats().killed, 0u);
}

TEST_P(LostWorkers, SayHowInFieldsToo) {
  start({.command = bracketing(), .workers = 1});
  std::optional<WorkerLost> lost;
  workers_->submit("exit", [&](Outcome<std::string> outcome) {
    try {
      outcome.value();
    } catch (const WorkerLost& error) {
      lost = error;
    }
  });
  ASSERT_TRUE(until([&] { return lost.has_value(); }));
  EXPECT_EQ(lost->status(), 3);
  EXPECT_EQ(lost->signal(), 0);
  EXPECT_EQ(lost->start_error(), 0);
}

TEST_P(LostWorkers, AreNamedByTheirProgram) {
  Reactor reactor;
  ProcessWorkers workers{reactor, {.command = {"/bin/false"}, .workers = 1}};
  std::string message;
  workers.submit(
      "a", [&](Outcome<std::string> outcome) { message = outcome.message(); });
  ASSERT_TRUE(run_until(reactor, [&] { return !message.empty(); }));
  EXPECT_EQ(message.substr(0, 18), "worker false (pid ");
}

TEST_P(LostWorkers, HaveAnsweredIfTheAnswerWasWhole) {
  start({.command = shell("read l; head -c 150000 /dev/zero | tr '\\0' x; "
                          "echo; exit 5"),
         .workers = 1});
  submit("a");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"].size(), 150'000u);
}

TEST_P(LostWorkers, HaveNotAnsweredWithHalfALine) {
  start({.command = shell("read l; printf half; exit 5"), .workers = 1});
  const pid_t first = pid();
  submit("a");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["a"], lost(first, "ended with status 5"));
}

TEST_P(LostWorkers, AreEndedWhenTheyTalkUnasked) {
  start({.command = shell("echo hello; cat"), .workers = 1});
  ASSERT_TRUE(until([this] { return stats().killed == 1; }));
  EXPECT_EQ(stats().workers, 0u);
}

TEST_P(LostWorkers, AreEndedWhenTheyAnswerTwice) {
  start({.command = shell("while read l; do printf 'a\\nb\\n'; done"),
         .workers = 1});
  submit("x");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["x"], "a");
  ASSERT_TRUE(until([this] { return stats().killed == 1; }));
}

TEST_P(LostWorkers, MayAnswerWithTheLongestLine) {
  start({.command = {"cat"}, .longest_answer = 8});
  submit("12345678");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["12345678"], "12345678");
}

TEST_P(LostWorkers, AreEndedWhenTheirAnswerIsOneByteLonger) {
  start({.command = {"cat"}, .workers = 1, .longest_answer = 8});
  const pid_t first = pid();
  submit("123456789");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["123456789"],
            lost(first, "was ended: its answer is longer than 8 bytes"));
}

TEST_P(LostWorkers, AreEndedBeforeTheirLineEndsIfItIsTooLong) {
  start({.command = shell("read l; printf 12345; printf 6789; sleep 1000"),
         .workers = 1,
         .longest_answer = 8});
  submit("x");
  ASSERT_TRUE(all_settled());
  EXPECT_NE(ends_["x"].find("longer than 8 bytes"), std::string::npos);
}

TEST_P(LostWorkers, AreEndedWhenTheyCloseTheirOutput) {
  start({.command = shell("read l; exec <&- >&-; sleep 1000"), .workers = 1});
  const pid_t first = pid();
  submit("x");
  let_time_pass();
  EXPECT_EQ(ends_["x"],
            lost(first, "was ended: it closed its standard input and output"));
}

TEST_P(LostWorkers, AreEndedForThatAlsoInTheNextRun) {
  start({.command = shell("read l; exec <&- >&-; echo closed >&2; sleep 1000"),
         .workers = 1});
  const pid_t first = pid();
  submit("x");
  ASSERT_TRUE(until([this] { return !errors_.empty(); }));
  turn();
  let_time_pass();
  EXPECT_EQ(ends_["x"],
            lost(first, "was ended: it closed its standard input and output"));
}

TEST_P(LostWorkers, GetNoJobInTheTickInWhichTheirStreamFails) {
  start({.command = shell("read l; printf 'ok\\nmore\\n'; sleep 1000"),
         .workers = 1});
  Fault fault =
      Fault::on_any().recv({Fault::at_most(3), Fault::error(ECONNRESET)});
  StreamPair pair;
  pair.peer_sends("x");
  auto later = std::make_unique<Probe>(std::move(pair.ours));
  later->readable = [&](Probe& me) {
    if (fault.calls(SystemCall::kRecv) < 2) return;
    read_available(me.fd());
    submit("again");
  };
  reactor_.add(std::move(later), Interest::reading());
  submit("first");
  ASSERT_TRUE(until([this] {
    clock_.advance(1ms);
    return ends_.size() == 2;
  }));
  EXPECT_EQ(ends_["again"], "ok");
}

TEST_P(LostWorkers, AreReplacedWhenTheirLineIsNoAnswer) {
  start({.command = bracketing(), .workers = 1});
  std::string end;
  workers_->submit(
      "a", [&](const auto& outcome) { end = outcome.message(); }, std::nullopt,
      [](std::string_view line) {
        throw std::runtime_error("no answer: " + std::string(line));
      });
  submit("b");
  let_time_pass();
  EXPECT_EQ(end, "no answer: [a]");
  EXPECT_EQ(ends_["b"], "[b]");
  EXPECT_EQ(stats().killed, 1u);
  EXPECT_EQ(stats().started, 2u);
}

TEST_P(LostWorkers, StayWhenTheirLineIsAnAnswer) {
  start({.command = bracketing(), .workers = 1});
  std::string checked, end;
  workers_->submit(
      "a", [&](auto outcome) { end = outcome.value(); }, std::nullopt,
      [&](std::string_view line) { checked = line; });
  ASSERT_TRUE(until([&] { return !end.empty(); }));
  EXPECT_EQ(checked, "[a]");
  EXPECT_EQ(end, "[a]");
  EXPECT_EQ(stats().killed, 0u);
}

TEST_P(LostWorkers, LeaveTheirLastWordsInOurLog) {
  start({.command = shell("read l; echo one >&2; printf two >&2; exit 3"),
         .workers = 1});
  const std::string prefix = "w[" + std::to_string(pid()) + "] ";
  submit("x");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(errors_,
            (std::vector<std::string>{prefix + "one", prefix + "two"}));
}

TEST_P(LostWorkers, AreToldOfThoughTheirLastWordsAreNotTaken) {
  reactor_.on_error([](const std::exception_ptr&) {});
  workers_ = std::make_unique<ProcessWorkers>(
      reactor_,
      ProcessWorkers::Options{.command = shell("read l; printf oh >&2; exit 3"),
                              .workers = 1,
                              .name = "w",
                              .error_line = [](std::string_view) { throw 1; }});
  submit("x");
  ASSERT_TRUE(all_settled());
  EXPECT_EQ(ends_["x"].substr(0, 7), "failed:");
}

TEST(LostWorker, SpeaksOnOurStandardErrorIfNobodyElseListens) {
  Reactor reactor;
  testing::internal::CaptureStderr();
  ProcessWorkers workers{
      reactor, {.command = shell("echo oh >&2; read l"), .name = "w"}};
  std::string end;
  workers.submit("x", [&](auto outcome) { end = outcome.message(); });
  run_until(reactor, [&] { return !end.empty(); });
  const std::string said = testing::internal::GetCapturedStderr();
  EXPECT_NE(said.find("] oh\n"), std::string::npos) << said;
}

}  // namespace
}  // namespace rp
