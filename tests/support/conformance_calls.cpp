#include <chrono>

#include "rpc/wire/json_rpc.h"
#include "tests/support/conformance.h"
#include "tests/support/rpc_texts.h"

// What the specification says and shows no example of, and what is ours.

namespace rp {

using namespace std::chrono_literals;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConformanceTest);

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

TEST_P(ConformanceTest, ResponsesThatNobodyAskedForAreIgnored) {
  send(R"({"jsonrpc":"2.0","error":{"code":1,"message":"?"},"id":null})");
  EXPECT_TRUE(is_silent(result("1", "99")));
}

}  // namespace rp
