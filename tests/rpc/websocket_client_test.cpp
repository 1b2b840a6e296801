#include "rpc/websocket_client.h"

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "reactor/socket.h"
#include "rpc/http_server.h"
#include "rpc/place.h"
#include "rpc/websocket_server.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class WebSocketClientTest : public OnBothPollers {
 protected:
  WebSocketClientTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("ask_back", on_loop, [](Call call, Reply reply) {
      call.caller().ask(
          "name", {}, [reply = std::move(reply)](const CallResult& r) mutable {
            reply.result(r.get());
          });
    });
    own_.method("name", on_loop, [](const Params&) -> Value { return "Ann"; });
    serve_json_rpc_websocket(server_, "/rpc", service_);
  }

  void call(const Address& address, std::string target = "/rpc",
            WebSocketClient::Options options = {}) {
    client_.emplace(own_, std::vector{address}, address.to_string(),
                    std::move(target), options);
  }
  void call_server(std::string target = "/rpc") {
    call(server_.address(), std::move(target));
  }

  void ask(std::string_view method, std::string_view params = "null",
           Duration timeout = 20s) {
    client_->ask(
        method, parse_json(params, arena_).value,
        [this](const CallResult& r) {
          came_.push_back(r.ok() ? to_json(r.value)
                                 : std::to_string(r.error->code) + " " +
                                       r.error->message);
        },
        timeout);
  }

  Function<bool()> came(std::size_t answers) {
    return [this, answers] { return came_.size() >= answers; };
  }
  bool wait_for(std::size_t answers) {
    return run_until(reactor_, came(answers));
  }

  Strings came_;
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  Dispatcher own_{reactor_};
  HttpServer server_{reactor_, Address::parse("127.0.0.1:0")};
  Arena arena_;
  std::vector<Reply> kept_;
  std::optional<WebSocketClient> client_;
};
RP_ON_BOTH_POLLERS(WebSocketClientTest);

TEST_P(WebSocketClientTest, CallsAndIsToldErrors) {
  call_server();
  ask("add", "[2,3]");
  ask("subtract", "[2,3]");
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(came_, (Strings{"5", "-32601 Method not found"}));
}

TEST_P(WebSocketClientTest, ManyCallsAreUnderWayAtOnce) {
  call_server();
  ask("later");
  ask("add", "[2,3]");
  steps_.until(came(1)).then([&] { kept_.at(0).result("done"); });
  steps_.until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"5", "\"done\""}));
}

TEST_P(WebSocketClientTest, TheServerMayAsk) {
  call_server();
  ask("ask_back");
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(came_, Strings{"\"Ann\""});
}

TEST_P(WebSocketClientTest, AServerThatRefusesIsQuoted) {
  call_server("/nowhere");
  ask("add", "[2,3]");
  steps_.until(came(1)).then([&] { ask("add", "[2,3]"); }).until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"-32003 connection lost: "
                            "the server answered 404 Not Found",
                            "-32003 the connection has ended"}));
}

TEST_P(WebSocketClientTest, RefusesAtOnceWhatCannotBeAskedFor) {
  EXPECT_THROW(call_server("rpc"), std::invalid_argument);
  EXPECT_THROW(WebSocketClient(own_, {server_.address()}, "a\r\nb", "/rpc"),
               std::invalid_argument);
}

TEST_P(WebSocketClientTest, AHandshakeHasATimeLimit) {
  const UniqueFd silent = listen_on(Address::parse("127.0.0.1:0"));
  call(local_address(silent.get()), "/", {.limits = {.handshake = 3s}});
  ask("add", "[2,3]");
  steps_.until([&] { return client_->connected(); })
      .pass(3s - 1ns)
      .then([&] { EXPECT_TRUE(came_.empty()); })
      .pass(1ns)
      .until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Strings{"-32003 connection lost: "
                           "the server did not answer in time"});
}

TEST_P(WebSocketClientTest, FinishesWhenAllIsAnswered) {
  call_server();
  ask("later");
  steps_.until([&] { return kept_.size() == 1; })
      .then([&] { client_->finish(); })
      .until([turns = 0]() mutable { return ++turns == 9; })
      .then([&] { EXPECT_TRUE(client_->connected()); })
      .then([&] { kept_[0].result("done"); })
      .until([&] { return !client_->connected(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Strings{"\"done\""});
}

TEST_P(WebSocketClientTest, AtItsEndWhoeverIsToldMayAskAgainAndIsTold) {
  call_server();
  WebSocketClient& ending = *client_;
  ending.ask("add", {}, [&](const CallResult& failed) {
    came_.push_back(failed.error->message);
    ending.ask("add", {}, [this](const CallResult& refused) {
      came_.push_back(refused.error->message);
    });
  });
  client_.reset();
  EXPECT_EQ(came_.size(), 1u) << "never inside ask()";
  ASSERT_TRUE(wait_for(2));
  const std::string ended = "the connection has ended";
  EXPECT_EQ(came_, (Strings{ended, ended}));
}

TEST_P(WebSocketClientTest, ItsEndFailsWhatIsPending) {
  call_server();
  ask("later");
  steps_.until([&] { return kept_.size() == 1; })
      .then([&] { client_.reset(); })
      .until(came(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(came_[0].starts_with("-32003 ")) << came_[0];
}

}  // namespace
}  // namespace rp
