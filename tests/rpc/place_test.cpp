#include "rpc/place.h"

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

#include "tests/support/foreign_exception.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// A method on the loop, and what a call of it is answered.
class OnLoopTest : public ServiceTest {
 protected:
  void method(Handler handler, MethodOptions options = {}) {
    service_.method("m", on_loop, std::move(handler), std::move(options));
  }

  std::string answer() {
    peer_sends(request("m", "[4]"));
    return sent_.empty() ? "nothing yet" : sent_.back();
  }

  std::optional<Call> call_;
  std::optional<Reply> reply_;

  void keep(Call call, Reply reply) {
    call_.emplace(std::move(call));
    reply_.emplace(std::move(reply));
  }
  void method_that_keeps(MethodOptions options = {}) {
    method([this](Call call,
                  Reply reply) { keep(std::move(call), std::move(reply)); },
           std::move(options));
  }
};

TEST_F(OnLoopTest, AnswersWhatAHandlerOfParametersReturns) {
  method([](const Params& params) -> Value {
    return params.at(0).as_int64() * 2;
  });
  EXPECT_EQ(answer(), result("8"));
}

TEST_F(OnLoopTest, AnswersWhatAHandlerOfTheCallReturns) {
  method([](Call& call) -> Value {
    return text(call.arena(), "hello " + call.address());
  });
  EXPECT_EQ(answer(), result(R"("hello a peer")"));
}

TEST_F(OnLoopTest, AHandlerMayOwnWhatCannotBeCopied) {
  method([all = std::make_unique<int>(7)](const Params&) -> Value {
    return *all;
  });
  EXPECT_EQ(answer(), result("7"));
}

TEST_F(OnLoopTest, AHandlerMayAnswerLater) {
  method_that_keeps();
  EXPECT_EQ(answer(), "nothing yet");
  reply_->result(call_->params().at(0));
  EXPECT_EQ(sent_.back(), result("4"));
}

TEST_F(OnLoopTest, AHandlerMayAnswerFromAnotherThread) {
  method_that_keeps();
  answer();
  std::thread([&] { reply_->result("from afar"); }).join();
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(sent_.back(), result("\"from afar\""));
}

TEST_F(OnLoopTest, AReplyThatIsDroppedIsAnError) {
  method([](Call, Reply) {});
  EXPECT_EQ(error_code(answer()), kHandlerFailed);
}

TEST_F(OnLoopTest, AnExceptionIsAnErrorWithItsTypeAndMessage) {
  method([](const Params&) -> Value { throw std::logic_error("odd"); });
  EXPECT_EQ(error_code(answer()), kHandlerFailed);
  EXPECT_EQ(error_data(sent_[0]),
            R"({"type":"std::logic_error","message":"odd"})");
}

TEST_F(OnLoopTest, WhatIsThrownNeedNotBeAnException) {
  method([](const Params&) -> Value { throw 42; });
  EXPECT_EQ(error_code(answer()), kHandlerFailed);
}

TEST_F(OnLoopTest, WhatIsThrownNeedNotBeOfCpp) {
  method([](const Params&) -> Value {
    throw_foreign();
    return 1;
  });
  EXPECT_EQ(error_code(answer()), kHandlerFailed);
}

TEST_F(OnLoopTest, AnRpcErrorIsTheAnswer) {
  method([](const Params&) -> Value { throw RpcError(-3, "mine", "[1]"); });
  EXPECT_EQ(error_code(answer()), -3);
  EXPECT_EQ(error_message(sent_[0]), "mine");
  EXPECT_EQ(error_data(sent_[0]), "[1]");
}

TEST_F(OnLoopTest, ThrownWithTheReplyInHandTheExceptionIsTold) {
  method([](Call, Reply) { throw std::logic_error("early"); });
  EXPECT_EQ(error_data(answer()),
            R"({"type":"std::logic_error","message":"early"})");
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(OnLoopTest, ThrownAfterTheAnswerTheAnswerStands) {
  method([](Call, Reply reply) {
    reply.result(1);
    throw std::logic_error("late");
  });
  EXPECT_EQ(answer(), result("1"));
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(OnLoopTest, ThrownAfterTheReplyWasPutAwayTheExceptionIsTold) {
  method([this](Call call, Reply reply) {
    keep(std::move(call), std::move(reply));
    throw std::logic_error("later");
  });
  EXPECT_EQ(error_code(answer()), kHandlerFailed);
  reply_->result(1);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(OnLoopTest, ADeadlineAnswersForAReplyThatIsOwed) {
  method_that_keeps({.deadline = 2s});
  reactor_.run_after(2s - 1ns, [&] { EXPECT_TRUE(sent_.empty()); });
  reactor_.run_after(2s + 1ns, [&] { EXPECT_EQ(sent_.size(), 1u); });
  EXPECT_EQ(answer(), "nothing yet");
  run_for(3s);
  EXPECT_EQ(error_code(sent_.at(0)), kDeadlinePassed);
}

TEST_F(OnLoopTest, AnAnswerAfterTheDeadlineIsDropped) {
  method_that_keeps({.deadline = 2s});
  answer();
  run_for(3s);
  reply_->result(1);
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(OnLoopTest, AnAnswerBeforeTheDeadlineTakesItsTimerAway) {
  method_that_keeps({.deadline = 2s});
  answer();
  EXPECT_EQ(reactor_.timers().size(), 1u);
  reply_->result(1);
  EXPECT_EQ(reactor_.timers().size(), 0u);
  EXPECT_EQ(sent_, Lines{result("1")});
}

TEST_F(OnLoopTest, AHandlerSeesItsDeadline) {
  method_that_keeps({.deadline = 2s});
  answer();
  EXPECT_EQ(call_->deadline(), Duration(2s));
}

TEST(Expiry, LeavesNoTraceOfTheReactorInRepliesThatOutliveIt) {
  auto reactor = std::make_unique<Reactor>();
  auto service = std::make_unique<Dispatcher>(*reactor);
  std::optional<Reply> kept;
  service->method("m", on_loop,
                  [&](Call, Reply reply) { kept.emplace(std::move(reply)); },
                  {.deadline = 2s});
  bool told = false;
  {
    auto context = std::make_shared<const CallContext>(
        CallContext{service->loop(), service->arenas(), nullptr, "", {}, true});
    service->dispatch(
        Call(context, std::make_unique<Arena>(), "m", {}),
        Reply(service->loop(), [&](const Answer&) { told = true; }));
  }
  service.reset();
  reactor.reset();
  kept->result(1);
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace rp
