#include "rpc/http_client.h"

#include <cerrno>

#include "tests/support/faults.h"
#include "tests/support/http_client_fixture.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

RP_ON_BOTH_POLLERS(HttpClientTest);

TEST_P(HttpClientTest, CallsAMethodAndIsToldItsError) {
  call_server();
  ask("add", "[2,3]");
  ask("subtract", "[2,3]");
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(came_, (Strings{"5", "-32601 Method not found"}));
}

TEST_P(HttpClientTest, KeepsItsConnection) {
  call_server();
  for (int i = 0; i < 3; ++i) ask("add", "[2,3]");
  steps_.until(came(3)).then([&] { ask("add", "[3,4]"); }).until(came(4));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"5", "5", "5", "7"}));
  EXPECT_EQ(server_.stats().connections, 1u);
}

TEST_P(HttpClientTest, OneCallIsUnderWayAndTheOthersWait) {
  call_server();
  ask("later");
  ask("add", "[2,3]");
  steps_.until([&] { return kept_.size() == 1; })
      .until([turns = 0]() mutable { return ++turns == 9; })
      .then([&] { EXPECT_EQ(added_, 0); })
      .then([&] { kept_[0].result("first"); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"\"first\"", "5"}));
}

TEST_P(HttpClientTest, ANotificationIsNotAnswered) {
  call_server();
  client_->notify("add", parse_json("[2,3]", arena_).value);
  ask("add", "[3,4]");
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(came_, Strings{"7"});
  EXPECT_EQ(added_, 2);
}

TEST_P(HttpClientTest, PostsATextAsItIs) {
  call_server();
  post(batch({request("add", "[2,3]", "7"), notification("add", "[1,1]")}));
  post(batch({notification("add", "[1,1]")}));
  post("{");
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(came_[0], batch({result("5", "7")}));
  EXPECT_EQ(came_[1], "");
  EXPECT_EQ(error_code(came_[2]), kParseError);
}

TEST_P(HttpClientTest, AnyOtherStatusIsAnError) {
  call_server("/nowhere");
  ask("add", "[2,3]");
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(came_, Strings{"-32603 HTTP 404 Not Found"});
}

TEST_P(HttpClientTest, WhatIsNotAnsweredInTimeDoesNotHoldUpTheNext) {
  call_server();
  ask("later", "null", 2s);
  ask("add", "[2,3]");
  steps_.until([&] { return kept_.size() == 1; })
      .pass(2s - 1ns)
      .then([&] { EXPECT_TRUE(came_.empty()); })
      .pass(1ns)
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"-32001 no answer in time", "5"}));
  EXPECT_EQ(server_.stats().connections, 2u);
}

TEST_P(HttpClientTest, WhatHasWaitedTooLongIsNotSent) {
  call_server();
  ask("later");
  ask("add", "[2,3]", 1s);
  steps_.until([&] { return kept_.size() == 1; })
      .pass(1s)
      .then([&] { EXPECT_EQ(came_, Strings{"-32001 no answer in time"}); })
      .then([&] { kept_[0].result("first"); })
      .then([&] { ask("add", "[3,4]"); })
      .until(came(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(added_, 1) << "only the last";
}

TEST_P(HttpClientTest, ALostConnectionFailsOnlyWhatWasUnderWay) {
  call_peer();
  ask("add", "[2,3]");
  ask("add", "[3,4]");
  steps_.until(called())
      .then([&] { peer_ = LinePeer(); })
      .until(came(1))
      .until(called())
      .then([&] {
        peer_.send("HTTP/1.1 200 OK\r\nContent-Length: " +
                   std::to_string(result("7", "2").size()) + "\r\n\r\n" +
                   result("7", "2"));
      })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(came_[0].starts_with("-32003 connection lost: ")) << came_[0];
  EXPECT_EQ(came_[1], "7");
}

TEST_P(HttpClientTest, AConnectionThatIsToCloseIsNotUsedAgain) {
  call_peer();
  ask("add", "[2,3]");
  LinePeer closing;
  steps_.until(called())
      .then([&] {
        peer_.send(
            "HTTP/1.1 200 OK\r\nConnection: close\r\n"
            "Content-Length: 2\r\n\r\n{}");
        std::swap(closing, peer_);
      })
      .until(came(1))
      .then([&] { ask("add", "[3,4]"); })
      .until(called());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_[0], "-32603 the answer is no response");
}

TEST_P(HttpClientTest, WithoutASocketCallsFailAndNeverInsideAsk) {
  call_peer();
  Fault none = Fault::on_any().socket({Fault::error(EMFILE).always()});
  for (int i = 0; i < 2; ++i) ask("add", "[2,3]");
  EXPECT_TRUE(came_.empty());
  ASSERT_TRUE(wait_for(2));
  EXPECT_TRUE(came_[0].ends_with("Too many open files")) << came_[0];
  EXPECT_EQ(came_[1], came_[0]);
}

TEST_P(HttpClientTest, ItsEndComesBeforeAFailureThatWasNotToldYet) {
  call_peer();
  Fault none = Fault::on_any().socket({Fault::error(EMFILE).always()});
  ask("add", "[2,3]");
  client_.reset();
  EXPECT_EQ(came_, Strings{"-32003 the connection has ended"});
  EXPECT_EQ(reactor_.timers().size(), 0u) << "that would tell it nobody";
}

TEST_P(HttpClientTest, WithoutAnAddressThereIsNone) {
  EXPECT_THROW(HttpClient(reactor_, {}, "localhost", "/"),
               std::invalid_argument);
}

TEST_P(HttpClientTest, AFailureIsToldOnceAndNotToWhoAsksAgain) {
  call_server();
  std::optional<Fault> none =
      Fault::on_any().socket({Fault::error(EMFILE).always()});
  client_->ask("add", {}, [&](const CallResult& failed) {
    came_.push_back(told(*failed.error));
    none.reset();
    ask("add", "[3,4]");
  });
  ask("add", "[2,3]");
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(came_[1], came_[0]);
  EXPECT_EQ(came_[2], "7");
}

TEST_P(HttpClientTest, CannotConnect) {
  const Address gone = local_address(listening_.get());
  call_peer();
  listening_.reset();
  ask("add", "[2,3]");
  ask("add", "[2,3]");
  ASSERT_TRUE(wait_for(2));
  const std::string why =
      "-32003 connect to " + gone.to_string() + ": Connection refused";
  EXPECT_EQ(came_, (Strings{why, why}));
}

TEST_P(HttpClientTest, WhatCannotStandInARequestIsRefusedAtOnce) {
  const auto calls = [this](const char* host, const char* target) {
    client_.emplace(reactor_, std::vector{server_.address()}, host, target);
  };
  for (const char* target : {"", "rpc", "*", "/a b", "/\r\nX: y"}) {
    EXPECT_THROW(calls("localhost", target), std::invalid_argument) << target;
  }
  for (const char* host : {"", "a b", "http://a", "a\r\nX: y"}) {
    EXPECT_THROW(calls(host, "/rpc"), std::invalid_argument) << host;
  }
  EXPECT_NO_THROW(calls("localhost", "/"));
}

TEST_P(HttpClientTest, WhatIsBeyondItsLineIsRefused) {
  const std::string text = notification("add", "[1,1]");
  call_server("/rpc", {.capacity = 2 * text.size()});
  for (int i = 0; i < 3; ++i) post(text);
  EXPECT_TRUE(came_.empty()) << "never inside post()";
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(came_, (Strings{"-32002 too much waits to be sent", "", ""}));
  for (int i = 0; i < 2; ++i) client_->notify("add", {});
  EXPECT_NO_THROW(ask("add")) << "told later";
  EXPECT_NO_THROW(client_->notify("a", {}));
  EXPECT_THROW(client_->notify("add", {}), RpcError);
}

TEST_P(HttpClientTest, ItsEndFailsWhatIsPending) {
  call_server();
  ask("later");
  ask("add", "[2,3]");
  steps_.until([&] { return kept_.size() == 1; }).then([&] {
    client_.reset();
  });
  ASSERT_TRUE(steps_.run());
  const std::string lost = "-32003 the connection has ended";
  EXPECT_EQ(came_, (Strings{lost, lost}));
}

TEST_P(HttpClientTest, AtItsEndWhoeverIsToldMayAskAgainAndIsTold) {
  call_server();
  HttpClient& ending = *client_;
  ending.ask("add", {}, [&](const CallResult& failed) {
    came_.push_back(told(*failed.error));
    ending.ask("add", {}, [this](const CallResult& refused) {
      came_.push_back(told(*refused.error));
    });
    EXPECT_THROW(ending.notify("add", {}), RpcError);
  });
  client_.reset();
  EXPECT_EQ(came_.size(), 1u) << "never inside ask()";
  ASSERT_TRUE(wait_for(2));
  const std::string ended = "-32003 the connection has ended";
  EXPECT_EQ(came_, (Strings{ended, ended}));
  EXPECT_EQ(server_.stats().connections, 0u) << "nothing is dialled";
}

TEST_P(HttpClientTest, WhoeverIsToldMayEndIt) {
  call_server();
  client_->ask(
      "add", parse_json("[2,3]", arena_).value,
      [this](const CallResult& r) {
        client_.reset();
        came_.push_back(to_json(r.value));
      },
      1s);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(came_, Strings{"5"});
}

TEST_P(HttpClientTest, AnIdleConnectionIsClosedAndTheNextCallOpensAnother) {
  call_server();
  ask("add", "[2,3]");
  steps_.until(came(1)).pass(61s).then([&] { ask("add", "[3,4]"); });
  steps_.until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"5", "7"}));
  EXPECT_EQ(server_.stats().connections, 2u);
}

}  // namespace
}  // namespace rp
