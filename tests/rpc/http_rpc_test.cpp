#include "rpc/http_rpc.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "pool/reactor_pool.h"
#include "rpc/in_pool.h"
#include "rpc/place.h"
#include "tests/support/http_served.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;

/// A service at "/rpc". "later" is answered when the test says so; "headers"
/// says which fields its handler sees; "ask" asks its caller.
class HttpRpcTest : public HttpTest {
 protected:
  HttpRpcTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      owed_.push_back(std::move(reply));
    });
    service_.method("headers", on_loop, [](Call& call) -> Value {
      std::string all;
      for (const auto& [name, value] : call.headers()) {
        all += name + "=" + value + ";";
      }
      return text(call.arena(), all);
    });
    service_.method("ask", on_loop, ask);
    service_.method("ask_in_pool", InPool(pool_.executor()), ask);
  }

  static void ask(Call call, Reply reply) {
    const Caller caller = call.caller();
    caller.ask("name", {},
               [reply = std::move(reply)](const CallResult& name) mutable {
                 reply.error(name.error.value_or(RpcError(kInternalError)));
               });
  }

  void serve_rpc(ResponderLimits limits = {}) {
    serve_json_rpc(open(), "/rpc", service_, limits);
    connect();
  }

  static std::string call(std::string json, HttpFields fields = {}) {
    fields.emplace_back("Content-Type", "application/json");
    return post("/rpc", std::move(json), std::move(fields));
  }

  Function<bool()> owed(std::size_t replies) {
    return [this, replies] { return owed_.size() >= replies; };
  }

  const std::string& body(std::size_t answer) {
    return peer_.answers().at(answer).body;
  }

  ReactorPool pool_{reactor_, {.workers = 2}};
  Dispatcher service_{reactor_};
  std::vector<Reply> owed_;
  HttpPeer first_;
};
RP_ON_BOTH_POLLERS(HttpRpcTest);

TEST_P(HttpRpcTest, ACallIsAnsweredByTheBody) {
  serve_rpc();
  peer_.send(call(request("add", "[2,3]")));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{200});
  EXPECT_EQ(*peer_.answers()[0].field("Content-Type"), "application/json");
  EXPECT_EQ(body(0), result("5"));
}

TEST_P(HttpRpcTest, ErrorsOfJsonRpcAreAnswersToo) {
  serve_rpc();
  peer_.send(call("{bad") + call("") + call("[]") + call(request("nothing")));
  ASSERT_TRUE(wait_for(4));
  EXPECT_EQ(statuses(), (Statuses{200, 200, 200, 200}));
  EXPECT_EQ(error_code(body(0)), kParseError);
  EXPECT_EQ(error_code(body(1)), kParseError);
  EXPECT_EQ(error_code(body(2)), kInvalidRequest);
  EXPECT_EQ(error_code(body(3)), kMethodNotFound);
}

TEST_P(HttpRpcTest, ABatchIsAnsweredWhenAllOfItIs) {
  serve_rpc();
  peer_.send(call(batch({request("later", {}, "1"), notification("add"),
                         request("add", "[2,3]", "2")})));
  steps_.until(owed(1))
      .until(turns(5))
      .then([&] { EXPECT_TRUE(peer_.answers().empty()); })
      .then([&] { owed_[0].result("late"); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(body(0), batch({result("5", "2"), result("\"late\"", "1")}));
}

TEST_P(HttpRpcTest, NotificationsAreAnswered204WhenTheyHaveRun) {
  serve_rpc();
  peer_.send(call(notification("add", "[2,3]")) +
             call(batch({notification("later"), notification("nothing")})));
  steps_.until(owed(1))
      .until(turns(5))
      .then([&] { EXPECT_EQ(peer_.answers().size(), 1u); })
      .then([&] { owed_.clear(); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{204, 204}));
  EXPECT_EQ(peer_.answers()[0].field("Content-Length"), nullptr);
}

TEST_P(HttpRpcTest, OnlyJsonIsTaken) {
  serve_rpc();
  const std::string add = request("add", "[2,3]");
  peer_.send(post("/rpc", add) +
             post("/rpc", add, {{"Content-Type", "text/plain"}}) +
             post("/rpc", add, {{"Content-Type", "application/jsonx"}}) +
             post("/rpc", add,
                  {{"Content-Type", "Application/JSON ; charset=utf-8"}}));
  ASSERT_TRUE(wait_for(4));
  EXPECT_EQ(statuses(), (Statuses{415, 415, 415, 200}));
}

TEST_P(HttpRpcTest, OnlyUtf8IsTaken) {
  serve_rpc();
  const std::vector<std::string> types = {
      "application/json; charset=utf-16",
      "application/json;v=1;Charset=\"latin1\"",
      "application/json; charset = utf-16",
      "application/json; charset=UTF-8; charset=utf-16",
      "application/json;v=1; CHARSET=\"UTF-8\"",
      "application/json;"};
  for (const std::string& type : types) {
    peer_.send(post("/rpc", request("add", "[2,3]"), {{"Content-Type", type}}));
  }
  ASSERT_TRUE(wait_for(types.size()));
  EXPECT_EQ(statuses(), (Statuses{415, 415, 415, 415, 200, 200}));
}

TEST_P(HttpRpcTest, OfTwoContentTypesNoneIsTaken) {
  serve_rpc();
  peer_.send(
      call(request("add", "[2,3]"), {{"Content-Type", "text/plain"}}) +
      call(request("add", "[2,3]"), {{"content-type", "application/json"}}));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(statuses(), (Statuses{415, 415}));
}

TEST_P(HttpRpcTest, WhatIsCompressedIsNotTaken) {
  serve_rpc();
  const std::string add = request("add", "[2,3]");
  peer_.send(call(add, {{"Content-Encoding", "gzip"}}) +
             call(add, {{"content-encoding", "identity, br"}}) +
             call(add, {{"Content-Encoding", "Identity"}}));
  ASSERT_TRUE(wait_for(3));
  ASSERT_EQ(statuses(), (Statuses{415, 415, 200}));
  EXPECT_EQ(*peer_.answers()[0].field("Accept-Encoding"), "identity");
}

TEST_P(HttpRpcTest, OnlyPostCalls) {
  serve_rpc();
  peer_.send(get("/rpc"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{405});
  EXPECT_EQ(*peer_.answers()[0].field("Allow"), "OPTIONS, POST");
}

TEST_P(HttpRpcTest, ABatchBeyondTheLimitIsRefused) {
  serve_rpc({.batch = 2});
  const std::string one = request("add", "[2,3]");
  peer_.send(call(batch({one, one})) + call(batch({one, one, one})));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(error_code(body(1)), kInvalidRequest);
}

/// Sentence 36, over HTTP.
TEST_P(HttpRpcTest, AHandlerSeesTheHeadersOfItsOwnRequest) {
  serve_rpc();
  peer_.send(call(request("headers"), {{"X-Name", "Ann"}}));
  ASSERT_TRUE(wait_for(1));
  EXPECT_NE(body(0).find("X-Name=Ann;"), std::string::npos);
  EXPECT_NE(body(0).find("Host=localhost;"), std::string::npos);
}

TEST_P(HttpRpcTest, AHeaderIsNotSeenByTheNextRequest) {
  serve_rpc();
  peer_.send(call(request("headers"), {{"X-Name", "Ann"}}) +
             call(request("headers")));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(body(1).find("X-Name"), std::string::npos);
}

TEST_P(HttpRpcTest, AHeaderIsNotSeenOnAnotherConnection) {
  serve_rpc();
  peer_.send(call(request("headers"), {{"X-Name", "Ann"}}));
  steps_.until(peer_.has(1))
      .then([&] { EXPECT_NE(body(0).find("Ann"), std::string::npos); })
      .then([&] {
        first_ = std::move(peer_);
        connect();
        peer_.send(call(request("headers"), {{"X-Other", "Bob"}}));
      })
      .until([&] { return !peer_.answers().empty(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_NE(body(0).find("X-Other=Bob;"), std::string::npos);
  EXPECT_EQ(body(0).find("Ann"), std::string::npos);
}

/// Sentence 37, over HTTP: there is no way back.
TEST_P(HttpRpcTest, AHandlerThatAsksItsCallerGetsAClearError) {
  serve_rpc();
  peer_.send(call(request("ask")) + call(request("ask_in_pool")));
  ASSERT_TRUE(wait_for(2));
  for (const std::size_t answer : {0u, 1u}) {
    EXPECT_EQ(error_code(body(answer)), kInternalError);
    EXPECT_NE(error_message(body(answer)).find("cannot be asked"),
              std::string::npos)
        << body(answer);
  }
}

TEST_P(HttpRpcTest, AClientThatGoesAwayLosesItsAnswerOnly) {
  serve_rpc();
  peer_.send(call(request("later")));
  steps_.until(owed(1))
      .then([&] { reactor_.close(connection_); })
      .until(has_closed())
      .then([&] { owed_[0].result("lost"); })
      .then([&] {
        connect();
        peer_.send(call(request("add", "[2,3]")));
      })
      .until([&] { return !peer_.answers().empty(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(body(0), result("5"));
}

TEST_P(HttpRpcTest, WhileItDrainsNewCallsAreRefused) {
  serve_rpc();
  const std::string add = call(request("add", "[2,3]"));
  peer_.send(add.substr(0, add.size() - 1));
  steps_.until(turns(9))
      .then([&] { reactor_.drain(10s); })
      .then([&] { peer_.send(add.substr(add.size() - 1)); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(body(0)), kShuttingDown);
}

TEST_P(HttpRpcTest, AtTheEndOfTheRunWhatIsOwedIsRefused) {
  serve_rpc();
  peer_.send(call(request("later")));
  steps_.until(owed(1)).then([&] { reactor_.drain(10s); });
  steps_.pass(10s);
  steps_.run();
  ASSERT_EQ(peer_.answers().size(), 1u);
  EXPECT_EQ(error_code(body(0)), kShuttingDown);
}

}  // namespace
}  // namespace rp
