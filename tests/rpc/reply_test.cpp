#include "rpc/reply.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

class ReplyTest : public ::testing::Test {
 protected:
  Reply reply() {
    return Reply(Mailbox(reactor_), [this](Answer answer) {
      std::string json;
      write_answer(json, 1, answer);
      answers_.push_back(json);
      thread_ = std::this_thread::get_id();
    });
  }

  bool answered() {
    return run_until(reactor_, [&] { return !answers_.empty(); });
  }

  Reactor reactor_;
  std::vector<std::string> answers_;
  std::thread::id thread_;
};

TEST_F(ReplyTest, OnTheLoopAnswersAtOnce) {
  reply().result(5);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(answers_[0], result("5"));
}

TEST_F(ReplyTest, FromAnotherThreadAnswersOnTheLoop) {
  std::thread([owed = reply()]() mutable {
    Arena arena;
    owed.result(text(arena, "far away"));
  }).join();
  EXPECT_TRUE(answers_.empty());
  ASSERT_TRUE(answered());
  EXPECT_EQ(answers_[0], result("\"far away\""));
  EXPECT_EQ(thread_, std::this_thread::get_id());
}

TEST_F(ReplyTest, ErrorsCrossThreadsToo) {
  std::thread([owed = reply()]() mutable {
    owed.error(RpcError(7, "seven", "[1]"));
  }).join();
  ASSERT_TRUE(answered());
  EXPECT_EQ(error_code(answers_[0]), 7);
  EXPECT_EQ(error_data(answers_[0]), "[1]");
}

TEST_F(ReplyTest, DestroyedUnusedSaysSo) {
  { const Reply owed = reply(); }
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_code(answers_[0]), kHandlerFailed);
  EXPECT_EQ(error_message(answers_[0]), "the handler ended without an answer");
}

TEST_F(ReplyTest, DestroyedUnusedByAnotherThreadSaysSo) {
  std::thread([owed = reply()] {}).join();
  ASSERT_TRUE(answered());
  EXPECT_EQ(error_code(answers_[0]), kHandlerFailed);
}

TEST_F(ReplyTest, MovesTheDutyAndAnswersOnce) {
  Reply first = reply();
  Reply second = std::move(first);
  EXPECT_FALSE(first);
  second.result(1);
  EXPECT_FALSE(second);
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(ReplyTest, OverwrittenUnusedAnswersBeforeItTakesTheOther) {
  Reply owed = reply();
  owed = reply();
  EXPECT_EQ(answers_.size(), 1u);
  owed.result(2);
  EXPECT_EQ(answers_.back(), result("2"));
}

using ReplyDeathTest = ReplyTest;

TEST_F(ReplyDeathTest, AnsweringTwiceIsABug) {
  EXPECT_DEATH(
      {
        Reply owed = reply();
        owed.result(1);
        owed.result(2);
      },
      "answered twice");
}

TEST_F(ReplyTest, AfterTheReactorsEndIsDestroyedInSilence) {
  auto reactor = std::make_unique<Reactor>();
  bool told = false;
  Reply owed(Mailbox(*reactor), [&](Answer) { told = true; });
  reactor.reset();
  std::thread([owed = std::move(owed)]() mutable { owed.result(1); }).join();
  EXPECT_FALSE(told);
}

std::string data_of(std::exception_ptr thrown) {
  const RpcError error = error_from(thrown);
  return std::to_string(error.code) + " " + error.data;
}

TEST(ErrorFrom, NamesTheTypeAndTheMessageOfAnException) {
  EXPECT_EQ(data_of(std::make_exception_ptr(std::out_of_range("no such key"))),
            R"(-32000 {"type":"std::out_of_range","message":"no such key"})");
}

TEST(ErrorFrom, TakesWhatIsNoException) {
  EXPECT_EQ(data_of(std::make_exception_ptr(42)),
            R"(-32000 {"type":"?","message":"not a std::exception"})");
}

TEST(ErrorFrom, LeavesAnRpcErrorAsItIs) {
  const RpcError error =
      error_from(std::make_exception_ptr(RpcError(9, "nine", "{}")));
  EXPECT_EQ(error.code, 9);
  EXPECT_EQ(error.message, "nine");
  EXPECT_EQ(error.data, "{}");
}

using SharedReplyTest = ReplyTest;

TEST_F(SharedReplyTest, GivesItselfToTheFirstWhoAsks) {
  SharedReply shared(reply());
  Reply first = shared.take();
  EXPECT_FALSE(shared.take());
  first.result(1);
  EXPECT_EQ(answers_.size(), 1u);
}

TEST_F(SharedReplyTest, NeverTakenSaysThatNobodyAnswered) {
  { const SharedReply shared(reply()); }
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_code(answers_[0]), kHandlerFailed);
}

TEST_F(SharedReplyTest, AHandlerThatIsTooLateAnswersNobody) {
  const auto shared = std::make_shared<SharedReply>(reply());
  Reply for_handler = SharedReply::for_handler(shared);
  shared->take().error(RpcError(kDeadlinePassed));
  for_handler.result(1);
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_code(answers_[0]), kDeadlinePassed);
}

TEST_F(SharedReplyTest, AHandlerThatDropsItsReplyIsAnswered) {
  const auto shared = std::make_shared<SharedReply>(reply());
  { const Reply dropped = SharedReply::for_handler(shared); }
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_code(answers_[0]), kHandlerFailed);
}

TEST_F(SharedReplyTest, AHandlerThatThrowsLeavesItToWhoeverCatches) {
  const auto shared = std::make_shared<SharedReply>(reply());
  try {
    const Reply held = SharedReply::for_handler(shared);
    throw std::runtime_error("boom");
  } catch (...) {
    shared->take().fail(std::current_exception());
  }
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_data(answers_[0]),
            R"({"type":"std::runtime_error","message":"boom"})");
}

TEST_F(SharedReplyTest, AHandlerThatLosesItInACaughtExceptionIsAnswered) {
  const auto shared = std::make_shared<SharedReply>(reply());
  try {
    const Reply held = SharedReply::for_handler(shared);
    throw std::runtime_error("caught by the handler");
  } catch (const std::runtime_error&) {
  }
  EXPECT_TRUE(answers_.empty());
  shared->end_handler();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_EQ(error_code(answers_[0]), kHandlerFailed);
}

}  // namespace
}  // namespace rp
