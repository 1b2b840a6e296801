#include "rpc/wire/json_rpc.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/allocations.h"

namespace rp {
namespace {

// A message in words: what it was taken for, and its parts as JSON.
std::string described(const Message& message) {
  if (const auto* request = std::get_if<Request>(&message)) {
    return (request->is_notification ? "notification " : "request ") +
           std::string(request->method) + " " + to_json(request->params) + " " +
           to_json(request->id);
  }
  if (const auto* response = std::get_if<Response>(&message)) {
    return (response->ok ? "result " + to_json(response->result)
                         : "error " + to_json(response->error)) +
           " " + to_json(response->id);
  }
  const auto& invalid = std::get<Invalid>(message);
  return "invalid " + to_json(invalid.id) + ": " + invalid.reason;
}

struct Vector {
  std::string_view text;
  std::string_view meaning;
};

void expect_meanings(const std::vector<Vector>& vectors) {
  for (const auto& [text, meaning] : vectors) {
    Arena arena;
    const Parsed parsed = parse_json(text, arena);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(described(read_message(parsed.value)), meaning) << text;
  }
}

TEST(ReadMessage, TellsRequestsFromNotifications) {
  expect_meanings({
      {R"({"jsonrpc":"2.0","method":"add","params":[1,2],"id":1})",
       "request add [1,2] 1"},
      {R"({"jsonrpc":"2.0","method":"add","params":{"a":1},"id":"x"})",
       R"(request add {"a":1} "x")"},
      {R"({"id":-1.5,"method":"get","jsonrpc":"2.0"})",
       "request get null -1.5"},
      {R"({"jsonrpc":"2.0","method":"get","id":18446744073709551615})",
       "request get null 18446744073709551615"},
      {R"({"jsonrpc":"2.0","method":"get","id":null})",
       "request get null null"},
      {R"({"jsonrpc":"2.0","method":"","id":""})", R"(request  null "")"},
      {R"({"jsonrpc":"2.0","method":"update","params":[]})",
       "notification update [] null"},
      {R"({"jsonrpc":"2.0","method":"foobar"})",
       "notification foobar null null"},
      {R"({"jsonrpc":"2.0","method":"m","id":1,"more":true,"result":0})",
       "request m null 1"},
  });
}

TEST(ReadMessage, KnowsResponses) {
  expect_meanings({
      {R"({"jsonrpc":"2.0","result":19,"id":1})", "result 19 1"},
      {R"({"jsonrpc":"2.0","result":null,"id":"a"})", R"(result null "a")"},
      {R"({"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":"1"})",
       R"(error {"code":-32601,"message":"no"} "1")"},
      {R"({"jsonrpc":"2.0","error":{"code":1,"message":"","data":[]},)"
       R"("id":null})",
       R"(error {"code":1,"message":"","data":[]} null)"},
  });
}

TEST(ReadMessage, RefusesWhatIsNoObject) {
  for (const std::string_view text : {"1", "\"text\"", "null", "[]", "[1]"}) {
    expect_meanings({{text, "invalid null: a message must be an object"}});
  }
}

TEST(ReadMessage, RefusesARequestOfAnotherVersion) {
  expect_meanings({
      {R"({"method":"m","id":1})", R"(invalid 1: jsonrpc must be "2.0")"},
      {R"({"jsonrpc":"1.0","method":"m","id":1})",
       R"(invalid 1: jsonrpc must be "2.0")"},
      {R"({"jsonrpc":"2.00","method":"m","id":1})",
       R"(invalid 1: jsonrpc must be "2.0")"},
      {R"({"jsonrpc":2.0,"method":"m","id":1})",
       R"(invalid 1: jsonrpc must be "2.0")"},
  });
}

TEST(ReadMessage, EchoesTheIdOfABadRequestIfThatIsGood) {
  expect_meanings({
      {R"({"jsonrpc":"2.0","method":1,"params":"bar"})",
       "invalid null: method must be a string"},
      {R"({"jsonrpc":"2.0","method":null,"id":"x"})",
       R"(invalid "x": method must be a string)"},
      {R"({"jsonrpc":"2.0","method":"m","params":"bar","id":7})",
       "invalid 7: params must be an array or an object"},
      {R"({"jsonrpc":"2.0","method":"m","params":null,"id":7})",
       "invalid 7: params must be an array or an object"},
      {R"({"jsonrpc":"2.0","method":"m","id":[1]})",
       "invalid null: id must be a string, a number or null"},
      {R"({"jsonrpc":"2.0","method":"m","id":true})",
       "invalid null: id must be a string, a number or null"},
      {R"({"jsonrpc":"2.0","method":"m","id":{}})",
       "invalid null: id must be a string, a number or null"},
      {R"({"jsonrpc":"2.0","id":3})",
       "invalid 3: a request must have a method"},
      {R"({"foo":"boo"})", "invalid null: a request must have a method"},
      {R"({})", "invalid null: a request must have a method"},
      {R"({"id":[]})", "invalid null: a request must have a method"},
  });
}

TEST(ReadMessage, NeverEchoesTheIdOfABadResponse) {
  constexpr std::string_view kId =
      "invalid null: the id of a response must be a string, a number or null";
  constexpr std::string_view kError =
      "invalid null: an error has an integer code and a string message";
  expect_meanings({
      {R"({"result":1,"id":1})", R"(invalid null: jsonrpc must be "2.0")"},
      {R"({"jsonrpc":"2.0","result":1})", kId},
      {R"({"jsonrpc":"2.0","result":1,"id":[]})", kId},
      {R"({"jsonrpc":"2.0","result":1,"error":null,"id":1})",
       "invalid null: a response has a result or an error, not both"},
      {R"({"jsonrpc":"2.0","error":null,"id":1})", kError},
      {R"({"jsonrpc":"2.0","error":{"message":"m"},"id":1})", kError},
      {R"({"jsonrpc":"2.0","error":{"code":1},"id":1})", kError},
      {R"({"jsonrpc":"2.0","error":{"code":1.5,"message":"m"},"id":1})",
       kError},
      {R"({"jsonrpc":"2.0","error":{"code":1,"message":2},"id":1})", kError},
  });
}

TEST(ReadMessage, AllocatesNothingForARequest) {
  Arena arena;
  const Value value =
      parse_json(R"({"jsonrpc":"2.0","method":"a method","params":{},"id":1})",
                 arena)
          .value;
  Allocations allocations;
  const Message message = read_message(value);
  EXPECT_EQ(allocations.made(), 0u);
  EXPECT_TRUE(std::holds_alternative<Request>(message));
}

TEST(RpcErrors, HaveTheWordsOfTheSpecificationAndOurs) {
  const std::vector<std::pair<int, std::string_view>> all = {
      {-32700, "Parse error"},      {-32600, "Invalid Request"},
      {-32601, "Method not found"}, {-32602, "Invalid params"},
      {-32603, "Internal error"},   {-32000, "Handler failed"},
      {-32001, "Deadline passed"},  {-32002, "Overloaded"},
      {-32003, "Worker lost"},      {-32004, "Shutting down"},
      {-32099, "Server error"},
  };
  for (const auto& [code, words] : all) {
    EXPECT_EQ(default_message(code), words);
    EXPECT_STREQ(RpcError(code).what(), std::string(words).c_str());
  }
}

RpcError error_of(std::string_view text) {
  Arena arena;
  return to_error(parse_json(text, arena).value);
}

TEST(RpcErrors, OwnTheTextTheyWereReadFrom) {
  const RpcError error =
      error_of(R"({"code":-5,"message":"a message","data":{"a":[1]}})");
  EXPECT_EQ(error.code, -5);
  EXPECT_EQ(error.message, "a message");
  EXPECT_EQ(error.data, R"({"a":[1]})");
}

TEST(RpcErrors, TakeTheNearestCodeThatFits) {
  using Int = std::numeric_limits<int>;
  EXPECT_EQ(error_of(R"({"code":2147483647,"message":""})").code, Int::max());
  EXPECT_EQ(error_of(R"({"code":2147483648,"message":""})").code, Int::max());
  EXPECT_EQ(error_of(R"({"code":18446744073709551615,"message":""})").code,
            Int::max());
  EXPECT_EQ(error_of(R"({"code":-2147483649,"message":""})").code, Int::min());
}

std::string result(const Value& id, const Value& value) {
  std::string out;
  write_result(out, id, value);
  return out;
}

std::string error(const Value& id, const RpcError& why) {
  std::string out;
  write_error(out, id, why);
  return out;
}

TEST(WriteMessage, WritesResults) {
  EXPECT_EQ(result(1, 19), R"({"jsonrpc":"2.0","result":19,"id":1})");
  EXPECT_EQ(result("a\"b", nullptr),
            R"({"jsonrpc":"2.0","result":null,"id":"a\"b"})");
}

TEST(WriteMessage, WritesAResultThatIsTextAlready) {
  std::string out = "[";
  write_result_text(out, 1, "[1,2]");
  EXPECT_EQ(out, R"([{"jsonrpc":"2.0","result":[1,2],"id":1})");
}

TEST(WriteMessage, WritesErrors) {
  EXPECT_EQ(error(nullptr, RpcError(kParseError)),
            R"({"jsonrpc":"2.0","error":{"code":-32700,)"
            R"("message":"Parse error"},"id":null})");
  EXPECT_EQ(error(7, RpcError(kHandlerFailed, "it \"broke\"", "{\"a\":1}")),
            R"({"jsonrpc":"2.0","error":{"code":-32000,)"
            R"("message":"it \"broke\"","data":{"a":1}},"id":7})");
}

TEST(WriteMessage, WritesUtf8WhateverAnExceptionSays) {
  EXPECT_EQ(error(1, RpcError(1, "\xff")),
            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":1,"
            "\"message\":\"\xef\xbf\xbd\"},\"id\":1}");
}

TEST(WriteMessage, WritesRequestsAndNotifications) {
  Arena arena;
  const Value params = ArrayBuilder(arena).push(2).push(3).build();
  std::string out;
  write_request(out, "add", params, std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"add","params":[2,3],)"
                 R"("id":18446744073709551615})");
  out.clear();
  write_notification(out, "add", params);
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"add","params":[2,3]})");
}

TEST(WriteMessage, LeavesOutParamsThatAreNull) {
  std::string out;
  write_request(out, "get", nullptr, 1);
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"get","id":1})");
  out.clear();
  write_notification(out, "tick\n", nullptr);
  EXPECT_EQ(out, R"({"jsonrpc":"2.0","method":"tick\n"})");
}

TEST(WriteMessage, WritesWhatReadMessageUnderstands) {
  Arena arena;
  const auto meaning = [&](const std::string& text) {
    return described(read_message(parse_json(text, arena).value));
  };
  EXPECT_EQ(meaning(result("x", 5)), R"(result 5 "x")");
  EXPECT_EQ(meaning(error(2, RpcError(kOverloaded, "m", "[]"))),
            R"(error {"code":-32002,"message":"m","data":[]} 2)");
}

}  // namespace
}  // namespace rp
