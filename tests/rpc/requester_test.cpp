#include "rpc/requester.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class RequesterTest : public ::testing::Test {
 protected:
  /// Asks, and writes down what comes of it.
  void ask(std::string_view method, Duration timeout = 10s) {
    requester_->ask(method, {}, note(), timeout);
  }

  Asker::Done note() {
    return [this](const CallResult& result) {
      came_.push_back(result.ok() ? to_json(result.value)
                                  : std::to_string(result.error->code));
    };
  }

  void peer_answers(const std::string& json) {
    Arena arena;
    const Message message = read_message(parse_json(json, arena).value);
    requester_->take(std::get<Response>(message));
  }

  void run_for(Duration time) {
    reactor_.run_after(time, [this] { reactor_.stop(); });
    reactor_.run();
  }

  using Lines = std::vector<std::string>;

  FakeClock clock_;
  Reactor reactor_{
      std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock_), clock_};
  Lines sent_;
  Lines came_;
  std::optional<Requester> requester_{
      std::in_place, reactor_,
      [this](std::string_view json) { sent_.emplace_back(json); }};
};

TEST_F(RequesterTest, NumbersItsRequests) {
  Arena arena;
  requester_->ask("a", parse_json("[1]", arena).value, note(), 1s);
  ask("b");
  EXPECT_EQ(sent_, (Lines{request("a", "[1]", "1"), request("b", {}, "2")}));
}

TEST_F(RequesterTest, NotificationsHaveNoNumberAndNoAnswer) {
  requester_->notify("a", {});
  EXPECT_EQ(sent_, Lines{notification("a")});
  EXPECT_EQ(requester_->pending(), 0u);
}

TEST_F(RequesterTest, HandsEachAnswerToWhoeverWaitsForIt) {
  const auto tell = [this](const std::string& who) {
    return [this, who](const CallResult& result) {
      came_.push_back(who + " " + to_json(result.value));
    };
  };
  requester_->ask("a", {}, tell("first"), 1s);
  requester_->ask("b", {}, tell("second"), 1s);
  peer_answers(result("7", "2"));
  peer_answers(result("5", "1"));
  EXPECT_EQ(came_, (Lines{"second 7", "first 5"}));
  EXPECT_EQ(requester_->pending(), 0u);
}

TEST_F(RequesterTest, AnErrorArrivesAsItIs) {
  std::optional<RpcError> error;
  requester_->ask(
      "a", {}, [&](const CallResult& r) { error = r.error; }, 1s);
  peer_answers(R"({"jsonrpc":"2.0","id":1,
                   "error":{"code":5,"message":"five","data":[1]}})");
  EXPECT_EQ(error->code, 5);
  EXPECT_EQ(error->message, "five");
  EXPECT_EQ(error->data, "[1]");
}

TEST_F(RequesterTest, GivesUpAtItsTimeAndIgnoresALateAnswer) {
  ask("a", 2s);
  reactor_.run_after(2s - 1ns, [&] { EXPECT_TRUE(came_.empty()); });
  run_for(3s);
  EXPECT_EQ(came_, Lines{"-32001"});
  peer_answers(result("1"));
  EXPECT_EQ(came_.size(), 1u);
  EXPECT_EQ(requester_->unexpected(), 1u);
}

TEST_F(RequesterTest, AnAnswerInTimeTakesTheTimerAway) {
  ask("a", 2s);
  peer_answers(result("1"));
  EXPECT_EQ(reactor_.timers().size(), 0u);
}

TEST_F(RequesterTest, CountsAnswersThatNobodyAskedFor) {
  ask("a");
  for (const char* id :
       {"2", "0", "-1", "\"1\"", "null", "1.5", "18446744073709551615"}) {
    peer_answers(result("1", id));
  }
  EXPECT_EQ(requester_->unexpected(), 7u);
  EXPECT_EQ(requester_->pending(), 1u);
}

TEST_F(RequesterTest, AnExceptionInOneCallbackLosesNoOtherAnswer) {
  int errors = 0;
  reactor_.on_error([&](std::exception_ptr) { ++errors; });
  requester_->ask(
      "a", {}, [](const CallResult&) { throw std::runtime_error("mine"); }, 1s);
  ask("b");
  requester_->fail_all(RpcError(kWorkerLost));
  EXPECT_EQ(errors, 1);
  EXPECT_EQ(came_, Lines{"-32003"});
}

TEST_F(RequesterTest, WhatIsAskedWhileAllFailsStaysPending) {
  requester_->ask(
      "a", {}, [&](const CallResult&) { ask("again"); }, 1s);
  requester_->fail_all(RpcError(kWorkerLost));
  EXPECT_EQ(requester_->pending(), 1u);
}

TEST_F(RequesterTest, ItsEndFailsWhatIsPending) {
  ask("a");
  requester_.reset();
  EXPECT_EQ(came_, Lines{"-32003"});
  EXPECT_EQ(reactor_.timers().size(), 0u);
}

TEST_F(RequesterTest, TellsWhenTheNumberOfItsRequestsChanges) {
  std::vector<std::size_t> pending;
  requester_->on_change([&] { pending.push_back(requester_->pending()); });
  ask("a");
  ask("b");
  peer_answers(result("1", "1"));
  EXPECT_EQ(pending, (std::vector<std::size_t>{1, 2, 1}));
}

}  // namespace
}  // namespace rp
