#include "rpc/in_pool.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <set>
#include <stdexcept>
#include <thread>

#include "pool/reactor_pool.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// Shared, for a worker that is stuck there may outlive the test.
struct Gate {
  std::atomic<bool> open = false;
  std::atomic<std::size_t> started = 0;

  Value wait() {
    ++started;
    while (!open) std::this_thread::yield();
    return "through";
  }
};

/// Methods on real workers. One that waits at the gate keeps its worker.
class InPoolTest : public ServiceTest,
                   public ::testing::WithParamInterface<std::size_t> {
 protected:
  static constexpr std::size_t kCapacity = 3;

  InPoolTest() : ServiceTest({.in_flight = 1000}) {}
  ~InPoolTest() override { gate_->open = true; }

  void method(std::string name, Handler handler, MethodOptions options = {}) {
    service_.method(std::move(name), in_pool_, std::move(handler), options);
  }

  Handler waiting() {
    return [gate = gate_](const Params&) { return gate->wait(); };
  }

  /// One after another, for they are more than the queue has room for.
  bool all_busy() {
    const std::size_t started = gate_->started;  // once: workers count on
    if (started == GetParam()) return true;
    if (started == busy_) {
      ++busy_;
      peer_sends(request("wait"));
    }
    return false;
  }

  std::shared_ptr<Gate> gate_ = std::make_shared<Gate>();
  std::size_t busy_ = 0;  // called to keep a worker busy
  ReactorPool pool_{reactor_, {.workers = GetParam(), .capacity = kCapacity}};
  InPool in_pool_{pool_.executor()};
};

INSTANTIATE_TEST_SUITE_P(Workers, InPoolTest, ::testing::Values(1, 2, 8, 64),
                         ::testing::PrintToStringParamName());

TEST_P(InPoolTest, AHandlerRunsOnAWorkerAndItsResultComesBack) {
  std::thread::id thread;
  method("twice", [&](const Params& params) -> Value {
    thread = std::this_thread::get_id();
    return params.at(0).as_int64() * 2;
  });
  peer_sends(request("twice", "[4]"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(sent_[0], result("8"));
  EXPECT_NE(thread, std::this_thread::get_id());
}

TEST_P(InPoolTest, AResultMayLieInTheCallsArena) {
  method("greet", [](Call& call) -> Value {
    return ObjectBuilder(call.arena())
        .add("to", call.params().get("who"))
        .add("from", text(call.arena(), call.address()))
        .build();
  });
  peer_sends(request("greet", R"({"who":["x"]})"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(sent_[0], result(R"({"to":["x"],"from":"a peer"})"));
}

TEST_P(InPoolTest, AnExceptionIsAnErrorWithItsTypeAndMessage) {
  method("odd", [](const Params&) -> Value { throw std::logic_error("odd"); });
  peer_sends(request("odd"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(error_code(sent_[0]), kHandlerFailed);
  EXPECT_EQ(error_data(sent_[0]),
            R"({"type":"std::logic_error","message":"odd"})");
}

TEST_P(InPoolTest, WhatIsThrownMayBeAnythingAndMayChooseItsError) {
  method("int", [](const Params&) -> Value { throw 42; });
  method("rpc", [](const Params&) -> Value { throw RpcError(7, "seven"); });
  steps_.then([&] { peer_sends(request("int")); })
      .until(sent(1))
      .then([&] { peer_sends(request("rpc")); })
      .until(sent(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kHandlerFailed);
  EXPECT_EQ(error_code(sent_[1]), 7);
}

TEST_P(InPoolTest, AHandlerMayAnswerByItsReply) {
  method("later", [](Call, Reply reply) { reply.result("done"); });
  peer_sends(request("later"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(sent_[0], result("\"done\""));
}

TEST_P(InPoolTest, AReplyThatIsDroppedIsAnError) {
  method("forget", [](Call, Reply) {});
  peer_sends(request("forget"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(error_code(sent_[0]), kHandlerFailed);
}

TEST_P(InPoolTest, ThrownWithTheReplyInHandTheExceptionIsTold) {
  method("odd", [](Call, Reply) { throw std::logic_error("odd"); });
  peer_sends(request("odd"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(error_data(sent_[0]),
            R"({"type":"std::logic_error","message":"odd"})");
}

TEST_P(InPoolTest, AFullPoolAnswersAtOnceThatItIsOverloaded) {
  method("wait", waiting());
  steps_.until([&] { return all_busy(); })
      .then([&] {
        for (std::size_t i = 0; i <= kCapacity; ++i) {
          peer_sends(request("wait", {}, std::to_string(i)));
        }
      })
      .until(sent(1))
      .then([&] { gate_->open = true; })
      .until(sent(1 + GetParam() + kCapacity));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kOverloaded);
  EXPECT_NE(sent_[0].find(R"("id":3)"), std::string::npos) << "one too many";
  for (std::size_t i = 1; i < sent_.size(); ++i) {
    EXPECT_EQ(error_code(sent_[i]), 0);
  }
}

TEST_P(InPoolTest, WhileThePoolIsFullTheLoopAnswers) {
  method("wait", waiting());
  service_.method("here", on_loop, [](const Params&) -> Value { return 1; });
  steps_.until([&] { return all_busy(); })
      .then([&] {
        for (std::size_t i = 0; i < kCapacity; ++i) peer_sends(request("wait"));
        peer_sends(request("here", {}, "7"));
      })
      .until(sent(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(sent_[0], result("1", "7"));
}

TEST_P(InPoolTest, WhatStillWaitsAtItsDeadlineIsNotStarted) {
  method("wait", waiting());
  std::atomic<bool> started = false;
  method("late",
         [&](const Params&) -> Value {
           started = true;
           return nullptr;
         },
         {.deadline = 1s});
  steps_.until([&] { return all_busy(); })
      .then([&] { peer_sends(request("late")); })
      .pass(1s)
      .until(sent(1))
      .then([&] { gate_->open = true; })
      .until(sent(1 + GetParam()));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
  EXPECT_FALSE(started);
}

TEST_P(InPoolTest, WhenTheLoopEndsWhatRunsAndWhatWaitsIsRefused) {
  method("wait", waiting());
  steps_.until([&] { return all_busy(); }).then([&] {
    for (std::size_t i = 0; i < kCapacity; ++i) peer_sends(request("wait"));
  });
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(sent_.size(), GetParam() + kCapacity);
  for (const std::string& answer : sent_) {
    EXPECT_EQ(error_code(answer), kShuttingDown);
  }
}

TEST_P(InPoolTest, ADeadlineAnswersAndAStuckWorkerIsReplaced) {
  method("stuck", waiting(), {.deadline = 1s});
  const TimePoint begin = clock_.now();
  TimePoint told;
  steps_.then([&] { peer_sends(request("stuck")); })
      .until([&] { return gate_->started == 1; })
      .pass(1s)
      .until(sent(1))
      .then([&] { told = clock_.now(); })
      .pass(100ms)
      .until([&] { return pool_.stats().stuck == 1; });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
  EXPECT_EQ(told, begin + 1s);
  EXPECT_EQ(pool_.stats().workers, GetParam());
  gate_->open = true;
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_P(InPoolTest, AtItsDeadlineAHandlerIsAskedToStop) {
  std::atomic<bool> asked = false;
  method("polite",
         [&](Call& call) -> Value {
           ++gate_->started;
           while (!call.stop_requested()) std::this_thread::yield();
           asked = true;
           return "too late";
         },
         {.deadline = 1s});
  steps_.then([&] { peer_sends(request("polite")); })
      .until([&] { return gate_->started == 1; })
      .pass(1s)
      .until([&] { return asked.load(); });
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
}

TEST_P(InPoolTest, AReplyThatOutlivesItsJobHasTheDeadlineToo) {
  std::vector<Reply> kept;
  std::atomic<bool> returned = false;
  method("keep",
         [&](Call, Reply reply) {
           kept.push_back(std::move(reply));
           returned = true;
         },
         {.deadline = 1s});
  steps_.then([&] { peer_sends(request("keep")); })
      .until([&] { return returned.load(); })
      .pass(1s)
      .until(sent(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kDeadlinePassed);
}

TEST_P(InPoolTest, MembersOfABatchOnTheLoopAndInThePoolAreOneAnswer) {
  service_.method("here", on_loop, [](const Params&) -> Value { return 1; });
  method("there", [](const Params&) -> Value { return 2; });
  method("throws", [](const Params&) -> Value { throw 3; });
  peer_sends(batch({request("there", {}, "1"), request("here", {}, "2"),
                    request("throws", {}, "3"), notification("there"),
                    request("none", {}, "5")}));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(
      plain(sent_[0]),
      plain(batch(
          {result("2", "1"), result("1", "2"),
           R"({"error":{"code":-32000,"message":"the handler failed"},"id":3,
               "jsonrpc":"2.0"})",
           R"({"error":{"code":-32601,"message":"Method not found"},"id":5,
               "jsonrpc":"2.0"})"})));
}

TEST_P(InPoolTest, WhenThePoolEndsWhatWaitsIsRefused) {
  auto pool = std::make_unique<ReactorPool>(
      reactor_, ReactorPool::Options{.workers = GetParam()});
  service_.method("wait", InPool(pool->executor()), waiting());
  steps_.then([&] { peer_sends(request("wait")); })
      .until([&] { return gate_->started == 1; })
      .then([&] { pool.reset(); })
      .until(sent(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
}

}  // namespace
}  // namespace rp
