#include "rpc/in_process.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/children.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// A worker that answers a request with the request, and some otherwise.
const char* const kWorker = R"sh(
say() { printf '{"jsonrpc":"2.0",%s,"id":%s}\n' "$1" "$2"; }
while read -r line; do
  id=${line##*:} id=${id%\}}
  case $line in
    *'"spin"'*) while :; do :; done;;
    *'"crash"'*) kill -SEGV $$;;
    *'"exit"'*) exit 3;;
    *'"note"'*) echo noted >&2; say '"result":0' "$id";;
    *'"fail"'*) say '"error":{"code":7,"message":"seven","data":[1]}' "$id";;
    *'"bad"'*) echo '{bad';;
    *'"number"'*) echo 5;;
    *'"other"'*) say '"result":1' 99;;
    *'"ask"'*) say '"method":"name"' 1;;
    *'"refuse"'*) say '"error":{"code":-32600,"message":"too long"}' null;;
    *'"stray"'*) echo debug; owed=$id;;
    *) say "\"result\":$line" "${owed:-$id}"; owed=${owed:+$id};;
  esac
done)sh";

/// Methods in real processes, in the test's time.
class InProcessTest : public ServiceTest {
 protected:
  InProcessTest() : ServiceTest({.in_flight = 1000}) {}

  void start(std::size_t workers, std::vector<std::string> command) {
    processes_ = std::make_unique<ProcessWorkers>(
        reactor_,
        ProcessWorkers::Options{.command = std::move(command),
                                .workers = workers,
                                .capacity = 3,
                                .first_pause = Duration::zero(),
                                .name = "w",
                                .error_line = [this](std::string_view line) {
                                  errors_.emplace_back(line);
                                }});
    for (const char* name :
         {"show", "spin", "crash", "exit", "note", "fail", "bad", "number",
          "other", "ask", "refuse", "stray"}) {
      method(name);
    }
  }
  void start(std::size_t workers = 1) { start(workers, shell(kWorker)); }

  void method(std::string name, MethodOptions options = {.deadline = 1s}) {
    service_.method(
        std::move(name), InProcess(*processes_),
        [](const Params&) { return Value("called in the parent"); }, options);
  }

  std::string answer_to(std::string_view json) {
    sent_.clear();
    peer_sends(json);
    return wait_for(1) ? sent_[0] : "nothing";
  }

  std::vector<std::string> errors_;
  std::unique_ptr<ProcessWorkers> processes_;
};

TEST_F(InProcessTest, ACallTravelsAsARequestAndItsResultComesBackUnchanged) {
  start();
  const std::string params =
      R"([1,"a\"\\\n\u0001é",{"x":[-1.5e+300,null,18446744073709551615]}])";
  EXPECT_EQ(answer_to(request("show", params, "\"their id\"")),
            result(request("show", params, "1"), "\"their id\""));
}

TEST_F(InProcessTest, NoParametersStayNone) {
  start();
  EXPECT_EQ(answer_to(request("show")), result(request("show")));
}

TEST_F(InProcessTest, AnErrorComesBackWithItsCodeItsMessageAndItsData) {
  start();
  const std::string answer = answer_to(request("fail"));
  EXPECT_EQ(error_code(answer), 7);
  EXPECT_EQ(error_message(answer), "seven");
  EXPECT_EQ(error_data(answer), "[1]");
}

TEST_F(InProcessTest, AMethodOfAPatternTravelsByTheNameThatWasCalled) {
  start();
  method("log.*");
  EXPECT_EQ(answer_to(request("log.x")), result(request("log.x")));
}

TEST_F(InProcessTest, ParametersAreCheckedBeforeTheyTravel) {
  start();
  method("typed", {.params = {{"n", Type::integer}}});
  EXPECT_EQ(error_code(answer_to(request("typed", "[\"x\"]"))), kInvalidParams);
  EXPECT_EQ(processes_->stats().submitted, 0u);
}

TEST_F(InProcessTest, ANotificationRunsAndIsNotAnswered) {
  start();
  peer_sends(notification("note"));
  ASSERT_TRUE(run_until(reactor_, [&] { return !errors_.empty(); }));
  EXPECT_EQ(answer_to(request("show")), result(request("show")));
  ASSERT_EQ(errors_.size(), 1u);
  EXPECT_NE(errors_[0].find("noted"), std::string::npos);
}

TEST_F(InProcessTest, WhatIsNoAnswerIsAnErrorAndTheNextCallWorks) {
  start();
  for (const auto& [method, why] :
       {std::pair{"bad", "did not answer: expected"},
        {"number", "did not answer: "},
        {"other", "did not answer: a response with the id of another call"},
        {"refuse", "did not answer: too long"},
        {"ask", "a process cannot ask its caller"}}) {
    const std::string answer = answer_to(request(method));
    EXPECT_EQ(error_code(answer), kInternalError) << method;
    EXPECT_NE(error_message(answer).find(why), std::string::npos) << answer;
  }
  EXPECT_EQ(error_code(answer_to(request("show"))), 0);
}

TEST_F(InProcessTest, AStrayLineCostsOneCallAndNotThoseThatWaitBehindIt) {
  start();
  peer_sends(request("stray", {}, "1"));
  for (const char* id : {"2", "3", "4"}) peer_sends(request("show", {}, id));
  ASSERT_TRUE(wait_for(4));
  EXPECT_EQ(error_code(sent_[0]), kInternalError);
  for (const std::size_t later : {1u, 2u, 3u}) {
    EXPECT_EQ(error_code(sent_[later]), 0);
  }
  EXPECT_EQ(processes_->stats().started, 2u);
  EXPECT_EQ(processes_->stats().killed, 1u);
}

TEST_F(InProcessTest, ARequestMayBeAsLongAsWhatAWorkerTakesAndNotLonger) {
  start(1, {"cat"});
  const auto request_of = [](std::size_t bytes) {
    const std::size_t rest = request("show", "[\"\"]", "1").size();
    return request("show", "[\"" + std::string(bytes - rest, 'x') + "\"]", "1");
  };
  answer_to(request_of(InProcess::kLongestRequest));
  EXPECT_EQ(processes_->stats().submitted, 1u);
  const auto longer = answer_to(request_of(InProcess::kLongestRequest + 1));
  EXPECT_EQ(error_code(longer), kInvalidRequest);
  EXPECT_NE(error_message(longer).find("8388608 bytes"), std::string::npos);
  EXPECT_EQ(processes_->stats().submitted, 1u);
}

TEST_F(InProcessTest, WaitingCountsAndWhatStillWaitsIsNotStarted) {
  start();
  steps_.then([&] { peer_sends(request("spin", {}, "1")); })
      .then([&] { peer_sends(request("note", {}, "2")); })
      .pass(1s)
      .until(sent(2))
      .then([&] { peer_sends(request("show", {}, "3")); })
      .until(sent(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
  EXPECT_EQ(error_code(sent_[1]), kDeadlinePassed);
  EXPECT_EQ(error_code(sent_[2]), 0);
  EXPECT_TRUE(errors_.empty()) << "the call that waited was started";
}

TEST_F(InProcessTest, AnExitIsToldWithItsStatus) {
  start();
  const std::string answer = answer_to(request("exit"));
  EXPECT_EQ(error_code(answer), kWorkerLost);
  EXPECT_NE(error_message(answer).find("ended with status 3"),
            std::string::npos);
}

TEST_F(InProcessTest, AProgramThatCannotBeStartedIsNamed) {
  start(1, {"/no/such/program"});
  const std::string answer = answer_to(request("show"));
  EXPECT_EQ(error_code(answer), kWorkerLost);
  EXPECT_NE(error_message(answer).find(
                "cannot be started: /no/such/program: No such file"),
            std::string::npos)
      << answer;
}

TEST_F(InProcessTest, WhenTheWorkersEndWhatRunsAndWhatWaitsIsRefused) {
  start();
  for (const char* id : {"1", "2"}) peer_sends(request("spin", {}, id));
  processes_.reset();
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
  EXPECT_EQ(error_code(sent_[1]), kShuttingDown);
  EXPECT_FALSE(has_children());
}

TEST_F(InProcessTest, AtTheDrainsDeadlineWhatRunsIsRefusedAndNobodyIsLeft) {
  start();
  peer_sends(request("spin"));
  reactor_.run_after(500ms, [&] { reactor_.stop(); });
  reactor_.run();
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
  processes_.reset();
  EXPECT_FALSE(has_children());
}

TEST_F(InProcessTest, CallsCannotBeKeptInOrder) {
  start();
  EXPECT_THROW(method("ordered", {.in_order = true}), std::invalid_argument);
}

/// The same with several processes.
class InProcesses : public InProcessTest,
                    public ::testing::WithParamInterface<std::size_t> {
 protected:
  InProcesses() { start(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Workers, InProcesses, ::testing::Values(1, 2, 8, 64),
                         ::testing::PrintToStringParamName());

TEST_P(InProcesses, ACrashIsToldWithItsSignalAndTheNextCallsWork) {
  const std::string answer = answer_to(request("crash"));
  EXPECT_EQ(error_code(answer), kWorkerLost);
  EXPECT_NE(error_message(answer).find("killed by signal 11 (SIGSEGV)"),
            std::string::npos);
  for (std::size_t i = 0; i <= GetParam(); ++i) {
    EXPECT_EQ(error_code(answer_to(request("show"))), 0);
  }
}

TEST_P(InProcesses, ADeadlineAnswersAndTheChildIsKilledAndReplaced) {
  const TimePoint begin = clock_.now();
  TimePoint told;
  steps_.then([&] { peer_sends(request("spin")); })
      .pass(1s)
      .until(sent(1))
      .then([&] { told = clock_.now(); })
      .until([&] { return processes_->stats().started == GetParam() + 1; });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
  EXPECT_EQ(told, begin + 1s);
  EXPECT_EQ(processes_->stats().killed, 1u);
  EXPECT_EQ(error_code(answer_to(request("show"))), 0);
}

TEST_P(InProcesses, AFullQueueAnswersAtOnceThatItIsOverloaded) {
  const std::size_t room = GetParam() + 3;
  steps_
      .then([&] {
        for (std::size_t i = 1; i <= room + 1; ++i) {
          peer_sends(request("spin", {}, std::to_string(i)));
        }
      })
      .until(sent(1))
      .then([&] { EXPECT_EQ(sent_.size(), 1u); })
      .pass(1s)
      .until(sent(room + 1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kOverloaded);
  EXPECT_NE(sent_[0].find("\"id\":" + std::to_string(room + 1)),
            std::string::npos)
      << sent_[0];
}

TEST_P(InProcesses, MembersOfABatchMayRunThereAndSomeMayDie) {
  service_.method("here", on_loop, [](const Params&) -> Value { return 1; });
  peer_sends(batch({request("crash", {}, "1"), request("here", {}, "2"),
                    notification("note"), request("fail", {}, "4")}));
  ASSERT_TRUE(wait_for(1));
  EXPECT_NE(sent_[0].find("-32003"), std::string::npos);
  EXPECT_NE(sent_[0].find(result("1", "2")), std::string::npos);
  EXPECT_NE(sent_[0].find("\"seven\""), std::string::npos);
}

}  // namespace
}  // namespace rp
