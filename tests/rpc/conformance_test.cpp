#include "tests/support/conformance.h"

#include <chrono>

#include "rpc/wire/json_rpc.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// An error as the specification prints it.
std::string error(int code, const std::string& id = "null") {
  return R"({"jsonrpc": "2.0", "error": {"code": )" + std::to_string(code) +
         R"(, "message": ")" + std::string(default_message(code)) +
         R"("}, "id": )" + id + "}";
}

// The examples of section 7 of the specification, one after another.

using SpecificationTest = OverAllTransports;
RP_OVER_ALL_TRANSPORTS(SpecificationTest);

TEST_P(SpecificationTest, CallsWithPositionalParameters) {
  EXPECT_EQ(exchange(R"({"jsonrpc": "2.0", "method": "subtract",
                         "params": [42, 23], "id": 1})"),
            result("19", "1"));
}

TEST_P(SpecificationTest, CallsWithPositionalParametersTheOtherWayRound) {
  EXPECT_EQ(exchange(R"({"jsonrpc": "2.0", "method": "subtract",
                         "params": [23, 42], "id": 2})"),
            result("-19", "2"));
}

TEST_P(SpecificationTest, CallsWithNamedParameters) {
  EXPECT_EQ(exchange(R"({"jsonrpc": "2.0", "method": "subtract", "params":
                         {"subtrahend": 23, "minuend": 42}, "id": 3})"),
            result("19", "3"));
}

TEST_P(SpecificationTest, CallsWithNamedParametersInAnotherOrder) {
  EXPECT_EQ(exchange(R"({"jsonrpc": "2.0", "method": "subtract", "params":
                         {"minuend": 42, "subtrahend": 23}, "id": 4})"),
            result("19", "4"));
}

TEST_P(SpecificationTest, ANotification) {
  EXPECT_TRUE(is_silent(
      R"({"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]})"));
  EXPECT_EQ(noted_, std::vector<std::string>{"update[1,2,3,4,5]"});
}

TEST_P(SpecificationTest, ANotificationOfAMethodThatIsNotThere) {
  EXPECT_TRUE(is_silent(R"({"jsonrpc": "2.0", "method": "foobar"})"));
}

TEST_P(SpecificationTest, ACallOfAMethodThatIsNotThere) {
  EXPECT_EQ(
      plain(exchange(R"({"jsonrpc": "2.0", "method": "foobar", "id": "1"})")),
      plain(error(-32601, "\"1\"")));
}

TEST_P(SpecificationTest, ACallWithInvalidJson) {
  EXPECT_EQ(plain(exchange(R"({"jsonrpc": "2.0", "method": "foobar,
                               "params": "bar", "baz])")),
            plain(error(-32700)));
}

TEST_P(SpecificationTest, ACallThatIsNoRequest) {
  EXPECT_EQ(
      plain(exchange(R"({"jsonrpc": "2.0", "method": 1, "params": "bar"})")),
      plain(error(-32600)));
}

TEST_P(SpecificationTest, ABatchWithInvalidJson) {
  EXPECT_EQ(plain(exchange(R"([
    {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
    {"jsonrpc": "2.0", "method"
  ])")),
            plain(error(-32700)));
}

TEST_P(SpecificationTest, AnEmptyArray) {
  EXPECT_EQ(plain(exchange("[]")), plain(error(-32600)));
}

TEST_P(SpecificationTest, AnInvalidBatchThatIsNotEmpty) {
  EXPECT_EQ(plain(exchange("[1]")), plain(batch({error(-32600)})));
}

TEST_P(SpecificationTest, AnInvalidBatch) {
  const std::string each = error(-32600);
  EXPECT_EQ(plain(exchange("[1,2,3]")), plain(batch({each, each, each})));
}

TEST_P(SpecificationTest, ABatch) {
  const std::string answers = exchange(R"([
    {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
    {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
    {"foo": "boo"},
    {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"},
     "id": "5"},
    {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
  ])");
  EXPECT_EQ(plain(answers),
            plain(batch({result("7", "\"1\""), result("19", "\"2\""),
                         error(-32600), error(-32601, "\"5\""),
                         result(R"(["hello", 5])", "\"9\"")})));
  EXPECT_EQ(noted_, std::vector<std::string>{"notify_hello[7]"});
}

TEST_P(SpecificationTest, ABatchOfNotifications) {
  EXPECT_TRUE(is_silent(R"([
    {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
    {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
  ])"));
  EXPECT_EQ(noted_,
            (std::vector<std::string>{"notify_sum[1,2,4]", "notify_hello[7]"}));
}

// What the specification says and shows no example of, and what is ours.

using ConformanceTest = OverAllTransports;
RP_OVER_ALL_TRANSPORTS(ConformanceTest);

TEST_P(ConformanceTest, BadParametersAreNamed) {
  const std::string answer = exchange(request("subtract", R"([1,"two"])"));
  EXPECT_EQ(error_code(answer), -32602);
  EXPECT_NE(error_message(answer).find("\"subtrahend\""), std::string::npos);
}

TEST_P(ConformanceTest, ErrorsOfAllCodesArrive) {
  std::vector<std::string> calls, errors;
  for (const int code : {-32700, -32600, -32601, -32602, -32603, -32000, -32001,
                         -32002, -32003, -32004, 1, 0}) {
    const std::string id = std::to_string(calls.size());
    calls.push_back(request("fail", "[" + std::to_string(code) + "]", id));
    errors.push_back(error(code, id));
  }
  EXPECT_EQ(plain(exchange(batch(calls))), plain(batch(errors)));
}

TEST_P(ConformanceTest, AHandlerThatThrowsSaysWhat) {
  const std::string answer = exchange(request("throw"));
  EXPECT_EQ(error_code(answer), -32000);
  EXPECT_EQ(error_data(answer),
            R"({"type":"std::runtime_error","message":"as promised"})");
}

TEST_P(ConformanceTest, AThrowingMemberDoesNotSpoilItsBatch) {
  const std::string answers =
      exchange(batch({request("sum", "[1]", "1"), request("throw", {}, "2"),
                      request("sum", "[3]", "3")}));
  EXPECT_NE(answers.find(result("1", "1")), std::string::npos);
  EXPECT_NE(answers.find("as promised"), std::string::npos);
  EXPECT_NE(answers.find(result("3", "3")), std::string::npos);
}

TEST_P(ConformanceTest, ADeadlineAnswers) {
  steps_.then([&] { send(request("later")); })
      .until([&] { return kept_.size() == 1; })
      .pass(2s)
      .until(peer_->has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(plain(peer_->received()[0]), plain(error(-32001, "1")));
}

TEST_P(ConformanceTest, IdsOfEveryKindComeBackAsTheyWere) {
  const std::vector<std::string> ids = {"\"\"",
                                        R"("\"\\")",
                                        "0",
                                        "-1",
                                        "18446744073709551615",
                                        "1.5",
                                        "null",
                                        "1e+30",
                                        "\"" + std::string(1000, 'x') + "\""};
  for (const std::string& id : ids) send(request("sum", "[1]", id));
  ASSERT_TRUE(run_until(reactor_, peer_->has(ids.size())));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(peer_->received()[i], result("1", ids[i]));
  }
}

TEST_P(ConformanceTest, AnIdOfAnyOtherKindIsInvalid) {
  for (const char* id : {"true", "[]", "{}"}) send(request("sum", "[1]", id));
  ASSERT_TRUE(run_until(reactor_, peer_->has(3)));
  for (const std::string& answer : peer_->received()) {
    EXPECT_EQ(plain(answer), plain(error(-32600)));
  }
}

TEST_P(ConformanceTest, AnotherVersionIsInvalid) {
  EXPECT_EQ(plain(exchange(R"({"jsonrpc":"1.0","method":"sum","id":7})")),
            plain(error(-32600, "7")));
}

TEST_P(ConformanceTest, AMethodMustBeAStringAndParametersAStructure) {
  EXPECT_EQ(plain(exchange(batch({R"({"jsonrpc":"2.0","method":1,"id":1})",
                                  request("sum", "7", "2"),
                                  request("sum", "null", "3")}))),
            plain(batch(
                {error(-32600, "1"), error(-32600, "2"), error(-32600, "3")})));
}

TEST_P(ConformanceTest, ABatchOf1000IsTakenAndOneOf1001IsRefused) {
  std::vector<std::string> calls(1000, request("sum", "[1]"));
  const std::string answers =
      batch(std::vector<std::string>(1000, result("1")));
  send(batch(calls));
  calls.push_back(calls[0]);
  send(batch(calls));
  ASSERT_TRUE(run_until(reactor_, peer_->has(2)));
  EXPECT_EQ(peer_->received()[0], answers);
  EXPECT_EQ(plain(peer_->received()[1]), plain(error(-32600)));
}

TEST_P(ConformanceTest, AHandlerTellsAndAsksItsCallerAndAwaitsTheAnswer) {
  steps_.then([&] { send(request("ask_back", "[5]", "1")); })
      .until(peer_->has(2))
      .then([&] { send(request("sum", "[1]", "2")); })
      .until(peer_->has(3))
      .then([&] { send(result("\"Ann\"", "1")); })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_->received(),
            (std::vector<std::string>{
                notification("asking"), request("name", "[5]", "1"),
                result("1", "2"), result("\"Ann\"", "1")}));
}

TEST_P(ConformanceTest, AnAnswerToAHandlerMayStandInABatch) {
  steps_.then([&] { send(request("ask_back", {}, "7")); })
      .until(peer_->has(2))
      .then([&] {
        send(batch({result("\"Ann\"", "1"), request("sum", "[1]", "8")}));
      })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_->received()[2], result("\"Ann\"", "7"));
  EXPECT_EQ(peer_->received()[3], batch({result("1", "8")}));
}

TEST_P(ConformanceTest, ResponsesThatNobodyAskedForAreIgnored) {
  send(R"({"jsonrpc":"2.0","error":{"code":1,"message":"?"},"id":null})");
  EXPECT_TRUE(is_silent(result("1", "99")));
}

TEST_P(ConformanceTest, AtItsLimitInFlightTheRestWaits) {
  for (int i = 1; i <= 70; ++i) send(request("later", {}, std::to_string(i)));
  steps_.until([&] { return kept_.size() == 64; })
      .until([turns = 0]() mutable { return ++turns == 20; })
      .then([&] { EXPECT_EQ(kept_.size(), 64u); })
      .then([&] {
        for (std::size_t i = 0; i < 6; ++i) Reply(std::move(kept_[i]));
      })
      .until([&] { return kept_.size() == 70; });
  ASSERT_TRUE(steps_.run());
}

TEST_P(ConformanceTest, AtItsLimitInFlightItCanAskAndRefusesWhatIsNew) {
  for (int i = 1; i <= 63; ++i) send(request("later", {}, std::to_string(i)));
  steps_.then([&] { send(request("ask_back", {}, "64")); })
      .until(peer_->has(2))
      .then([&] { send(request("sum", "[1]", "65")); })
      .until(peer_->has(3))
      .then([&] { send(result("\"Ann\"", "1")); })
      .until(peer_->has(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(kept_.size(), 63u);
  EXPECT_EQ(plain(peer_->received()[2]), plain(error(-32002, "65")));
  EXPECT_EQ(peer_->received()[3], result("\"Ann\"", "64"));
}

}  // namespace
}  // namespace rp
