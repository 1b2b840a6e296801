#include "rpc/responder.h"

#include <optional>
#include <stdexcept>

#include "rpc/place.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

/// "add" answers at once, "later" when the test says so.
class ResponderTest : public ServiceTest {
 protected:
  explicit ResponderTest(ResponderLimits limits = {}) : ServiceTest(limits) {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("throws", on_loop,
                    [](const Params&) -> Value { throw 42; });
  }

  std::string later(const std::string& id) { return request("later", {}, id); }

  std::vector<Reply> kept_;
};

TEST_F(ResponderTest, AnswersInTheOrderInWhichAnswersAreReady) {
  peer_sends(later("1"));
  peer_sends(later("2"));
  peer_sends(request("add", "[1,2]", "3"));
  kept_[1].result("b");
  kept_[0].result("a");
  EXPECT_EQ(sent_, (Lines{result("3", "3"), result("\"b\"", "2"),
                          result("\"a\"", "1")}));
}

TEST_F(ResponderTest, CountsWhatIsInFlight) {
  int ended = 0;
  responder_.on_ended([&] { ++ended; });
  peer_sends(later("1"));
  peer_sends(notification("later"));
  EXPECT_EQ(responder_.in_flight(), 2u);
  kept_[1].result(1);
  kept_[0].result(1);
  EXPECT_EQ(responder_.in_flight(), 0u);
  EXPECT_EQ(ended, 2);
}

TEST_F(ResponderTest, ANotificationIsNeverAnswered) {
  peer_sends(notification("add", "[1,2]"));
  peer_sends(notification("add", "[]"));
  peer_sends(notification("throws"));
  peer_sends(notification("nobody"));
  EXPECT_TRUE(sent_.empty());
  EXPECT_EQ(responder_.in_flight(), 0u);
}

TEST_F(ResponderTest, TellsTheHandlerThatNobodyWaits) {
  std::vector<bool> told;
  service_.method("tell", on_loop, [&](Call& call) -> Value {
    told.push_back(call.is_notification());
    return nullptr;
  });
  peer_sends(notification("tell"));
  peer_sends(batch({request("tell"), notification("tell")}));
  EXPECT_EQ(told, (std::vector{true, false, true}));
}

TEST_F(ResponderTest, ABatchIsAnsweredWhenItsLastMemberIs) {
  peer_sends(batch({later("1"), request("add", "[1,2]", "2"), later("3")}));
  kept_[1].result("c");
  EXPECT_TRUE(sent_.empty());
  kept_[0].result("a");
  EXPECT_EQ(sent_, Lines{batch({result("3", "2"), result("\"c\"", "3"),
                                result("\"a\"", "1")})});
}

TEST_F(ResponderTest, ABatchOfOnlyNotificationsIsAnsweredByNothing) {
  peer_sends(batch({notification("add", "[1,2]"), notification("later")}));
  kept_[0].result(1);
  EXPECT_TRUE(sent_.empty());
}

TEST_F(ResponderTest, ABatchWaitsForItsNotificationsButDoesNotAnswerThem) {
  peer_sends(batch({notification("later"), request("add", "[1,2]", "2")}));
  EXPECT_TRUE(sent_.empty());
  kept_[0].result("unheard");
  EXPECT_EQ(sent_, Lines{batch({result("3", "2")})});
}

TEST_F(ResponderTest, AThrowingMemberDoesNotSpoilTheRest) {
  peer_sends(batch({request("add", "[1,2]", "1"), request("throws", {}, "2"),
                    request("add", "[3,4]", "3")}));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_NE(sent_[0].find(result("3", "1")), std::string::npos);
  EXPECT_NE(sent_[0].find("-32000"), std::string::npos);
  EXPECT_NE(sent_[0].find(result("7", "3")), std::string::npos);
}

TEST_F(ResponderTest, AnEmptyBatchIsInvalid) {
  peer_sends("[]");
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(error_code(sent_[0]), kInvalidRequest);
}

TEST_F(ResponderTest, TakesABatchOf1000MembersAndRefusesOneMore) {
  std::vector<std::string> members(1000, request("add", "[1,2]"));
  peer_sends(batch(members));
  EXPECT_EQ(sent_.at(0), batch(std::vector<std::string>(1000, result("3"))));
  members.push_back(members[0]);
  peer_sends(batch(members));
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(error_code(sent_[1]), kInvalidRequest);
  EXPECT_EQ(error_data(sent_[1]),
            R"("a batch of 1001 members; at most 1000 are taken")");
}

TEST_F(ResponderTest, Takes128LevelsOfNestingAndRefusesOneMore) {
  service_.method("echo", on_loop,
                  [](const Params& params) { return params.value(); });
  const std::string deepest = std::string(127, '[') + std::string(127, ']');
  peer_sends(request("echo", deepest));
  EXPECT_EQ(sent_.at(0), result(deepest));
  peer_sends(request("echo", "[" + deepest + "]"));
  EXPECT_EQ(error_code(sent_.at(1)), kParseError);
}

TEST_F(ResponderTest, AParseErrorSaysWhere) {
  peer_sends("{bad");
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(error_code(sent_[0]), kParseError);
  EXPECT_NE(sent_[0].find(R"("id":null)"), std::string::npos);
  EXPECT_NE(error_data(sent_[0]).find(R"("line":1,"column":2)"),
            std::string::npos);
}

TEST_F(ResponderTest, EchoesIdsOfEveryKind) {
  for (const char* id : {"1", "0", "-7", "null", "1.5", R"("")",
                         R"("a long id, longer than 15")", R"("\"\\\n")",
                         "18446744073709551615", "-9223372036854775808"}) {
    peer_sends(request("add", "[1,2]", id));
    EXPECT_EQ(sent_.back(), result("3", id));
  }
}

TEST_F(ResponderTest, EchoesIdsOfEveryKindWhenTheAnswerIsLate) {
  for (const char* id : {"1", "null", "1.5", R"("a long id, longer than 15")",
                         "18446744073709551615"}) {
    peer_sends(later(id));
    peer_sends(R"({"jsonrpc":"2.0","method":"add","id":"overwritten?"})");
    kept_.back().result(1);
    EXPECT_EQ(sent_.back(), result("1", id));
  }
}

TEST_F(ResponderTest, HandsResponsesToWhoeverAsked) {
  Lines taken;
  responder_.on_response([&](const Response& response) {
    taken.push_back(response.ok ? "ok" : "error");
  });
  peer_sends(result("1"));
  peer_sends(batch({result("1"), R"({"jsonrpc":"2.0","id":1,
      "error":{"code":1,"message":""}})",
                    request("add", "[1,2]", "5")}));
  EXPECT_EQ(taken, (Lines{"ok", "ok", "error"}));
  EXPECT_EQ(sent_, Lines{batch({result("3", "5")})});
}

TEST_F(ResponderTest, IgnoresResponsesWhenNobodyAsked) {
  peer_sends(result("1"));
  EXPECT_TRUE(sent_.empty());
}

TEST_F(ResponderTest, DrainingRefusesWhatIsNewAndFinishesTheRest) {
  peer_sends(later("1"));
  responder_.drain();
  peer_sends(request("add", "[1,2]", "2"));
  peer_sends(notification("add", "[1,2]"));
  kept_[0].result("done");
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
  EXPECT_EQ(sent_[1], result("\"done\"", "1"));
}

TEST_F(ResponderTest, RefusesAllThatIsOwedAtTheEnd) {
  peer_sends(later("1"));
  peer_sends(batch({later("2"), request("add", "[1,2]", "3")}));
  responder_.refuse_owed();
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(error_code(sent_[0]), kShuttingDown);
  EXPECT_NE(sent_[1].find("-32004"), std::string::npos);
  kept_[0].result("late");
  EXPECT_EQ(sent_.size(), 2u);
}

TEST_F(ResponderTest, WhoSendsMoreWhileItEndsIsRefusedToo) {
  peer_sends(later("1"));
  responder_.on_ended([&, again = true]() mutable {
    if (std::exchange(again, false)) peer_sends(later("2"));
  });
  responder_.refuse_owed();
  ASSERT_EQ(sent_.size(), 2u);
  EXPECT_EQ(error_code(sent_[1]), kShuttingDown);
  EXPECT_TRUE(kept_.size() == 1u) << "the second was not begun";
}

TEST_F(ResponderTest, AnAnswerThatOutlivesItFindsNobody) {
  std::optional<Responder> brief;
  Lines answers;
  brief.emplace(service_,
                std::make_shared<const CallContext>(CallContext{
                    service_.loop(), service_.arenas(), link_, "", {}, true}),
                [&](std::string_view json) { answers.emplace_back(json); });
  brief->receive(later("1"));
  brief.reset();
  kept_.at(0).result("late");
  EXPECT_TRUE(answers.empty());
}

class ResponderLimit : public ResponderTest {
 protected:
  ResponderLimit() : ResponderTest({.in_flight = 2}) {}
};

TEST_F(ResponderLimit, IsFullAtItsLimitAndRefusesOneBeyond) {
  peer_sends(later("1"));
  EXPECT_FALSE(responder_.is_full());
  peer_sends(later("2"));
  EXPECT_TRUE(responder_.is_full());
  peer_sends(request("add", "[1,2]", "3"));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(error_code(sent_[0]), kOverloaded);
  kept_[0].result(1);
  peer_sends(request("add", "[1,2]", "4"));
  EXPECT_EQ(sent_.back(), result("3", "4"));
}

TEST_F(ResponderLimit, CountsABatchAsItsMembersAndTakesItWhole) {
  peer_sends(later("0"));
  peer_sends(batch({later("1"), later("2"), later("3")}));
  EXPECT_EQ(responder_.in_flight(), 4u);
  EXPECT_TRUE(sent_.empty());
  peer_sends(batch({later("4"), later("5")}));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(kept_.size(), 4u) << "refused whole";
}

/// "[" and the answer of "add" to the id 1 are at the limit.
class ResponderAnswers : public ResponderTest {
 protected:
  ResponderAnswers()
      : ResponderTest({.answers = 1 + result("3", "1").size()}) {}

  static std::string add(const std::string& id) {
    return request("add", "[1,2]", id);
  }

  static std::string too_long(const std::string& id) {
    return R"({"jsonrpc":"2.0","error":{"code":-32002,)"
           R"("message":"the answers of this batch are too long"},"id":)" +
           id + "}";
  }
};

TEST_F(ResponderAnswers, OfABatchAreTakenAtTheLimitAndNotBeyond) {
  peer_sends(batch({add("1"), add("2"), add("3")}));
  EXPECT_EQ(sent_.at(0),
            batch({result("3", "1"), result("3", "2"), too_long("3")}));
  peer_sends(batch({add("10"), add("2")}));
  EXPECT_EQ(sent_.at(1), batch({result("3", "10"), too_long("2")}));
}

TEST_F(ResponderAnswers, BeyondTheLimitNothingMoreIsBegun) {
  peer_sends(batch({add("10"), later("2"), notification("later")}));
  EXPECT_EQ(sent_, Lines{batch({result("3", "10"), too_long("2")})});
  EXPECT_TRUE(kept_.empty());
}

TEST_F(ResponderAnswers, WhatHasBegunIsNotAddedBeyondTheLimit) {
  peer_sends(batch({later("2"), later("3"), add("10")}));
  kept_[1].result("long");
  kept_[0].error(RpcError(kInternalError));
  EXPECT_EQ(sent_,
            Lines{batch({result("3", "10"), too_long("3"), too_long("2")})});
}

TEST_F(ResponderAnswers, OfMessagesByThemselvesAreNotCounted) {
  for (const char* id : {"100", "101"}) peer_sends(add(id));
  EXPECT_EQ(sent_, (Lines{result("3", "100"), result("3", "101")}));
}

}  // namespace
}  // namespace rp
