#include "rpc/wire/json_rpc.h"
#include "tests/support/conformance.h"
#include "tests/support/rpc_texts.h"

// The examples of section 7 of the specification, one after another.

namespace rp {

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(SpecificationTest);

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

}  // namespace rp
