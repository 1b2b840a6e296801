#include "rpc/websocket_session.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rpc/place.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/websocket_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// JSON-RPC at /rpc, and one client that has opened it.
class WebSocketSessionTest : public WebSocketTest {
 protected:
  WebSocketSessionTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("ask_back", on_loop, [](Call call, Reply reply) {
      call.caller().notify("step", {});
      call.caller().ask(
          "name", {}, [reply = std::move(reply)](const CallResult& r) mutable {
            r.ok() ? reply.result(r.value) : reply.error(*r.error);
          });
    });
    service_.method("token", on_loop, [](Call& call) -> Value {
      for (const auto& [name, value] : call.headers()) {
        if (name == "X-Token") return text(call.arena(), value);
      }
      return nullptr;
    });
  }

  void open(SessionLimits limits = {}, std::string_view headers = {}) {
    serve();
    serve_json_rpc_websocket(*site_, "/rpc", service_, {}, limits);
    open_one(peer_, headers);
  }

  void open_one(RawWebSocket& peer, std::string_view headers) {
    peer.ask("/rpc", headers);
    steps_.until(peer.has_answer()).then([&peer] {
      EXPECT_TRUE(peer.is_open()) << peer.answer();
    });
  }

  void send_text(const std::string& json) { send(client_frame(0x81, json)); }

  Lines events_after(std::size_t events) {
    return events_when(peer_.has(events));
  }

  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;
};
RP_ON_BOTH_POLLERS(WebSocketSessionTest);

TEST_P(WebSocketSessionTest, AnswersARequest) {
  open();
  send_text(request("add", "[2,3]"));
  EXPECT_EQ(events_after(1), Lines{"text " + result("5")});
}

TEST_P(WebSocketSessionTest, AnswersAMessageInFragments) {
  open();
  const std::string json = request("add", "[2,3]");
  send(client_frame(0x01, json.substr(0, 9)) +
       client_frame(0x80, json.substr(9)));
  EXPECT_EQ(events_after(1), Lines{"text " + result("5")});
}

TEST_P(WebSocketSessionTest, AnswersWhatIsNoJsonAndGoesOn) {
  open();
  send_text("{");
  send_text(request("add", "[2,3]"));
  const Lines events = events_after(2);
  EXPECT_EQ(error_code(events.at(0).substr(5)), kParseError);
  EXPECT_EQ(events.at(1), "text " + result("5"));
}

TEST_P(WebSocketSessionTest, TakesTextOnly) {
  open();
  send(client_frame(0x82, request("add", "[2,3]")));
  EXPECT_EQ(events_after(1), Lines{"close 1003 only text is taken here"});
}

TEST_P(WebSocketSessionTest, AHandlerAsksItsCaller) {
  open();
  send_text(request("ask_back", {}, "\"call\""));
  steps_.until(peer_.has(2));
  send_text(request("add", "[2,3]", "2"));
  steps_.until(peer_.has(3));
  send_text(result("\"Ann\"", "1"));
  EXPECT_EQ(events_after(4), (Lines{"text " + notification("step"),
                                    "text " + request("name", {}, "1"),
                                    "text " + result("5", "2"),
                                    "text " + result("\"Ann\"", "\"call\"")}));
}

TEST_P(WebSocketSessionTest, AHandlerAsksItsCallerAtItsLimitToo) {
  open({{.in_flight = 2}});
  send_text(request("later"));
  send_text(request("ask_back", {}, "\"call\""));
  steps_.until(peer_.has(2));
  send_text(result("\"Ann\"", "1"));
  EXPECT_EQ(events_after(3).at(2), "text " + result("\"Ann\"", "\"call\""));
}

TEST_P(WebSocketSessionTest, AHandlerLearnsThatItsCallerHasGone) {
  std::optional<RpcError> error;
  service_.method("ask", on_loop, [&error](Call call, Reply) {
    call.caller().ask("name", {},
                      [&error](const CallResult& r) { error = r.error; });
  });
  open();
  send_text(request("ask"));
  steps_.until(peer_.has(1));
  send(client_frame(0x88, closing(1001, "bye")));
  steps_.then([&] { peer_.end_input(); });
  steps_.until([&] { return error.has_value(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error->code, kWorkerLost);
  EXPECT_STREQ(error->what(), "connection lost: bye");
}

TEST_P(WebSocketSessionTest, ACallHasTheHeadersOfItsOwnHandshake) {
  open({}, "X-Token: mine\r\n");
  RawWebSocket first = std::move(peer_);
  connect();
  open_one(peer_, "");
  steps_.then([&] { first.send(client_frame(0x81, request("token"))); });
  send_text(request("token"));
  steps_.until(first.has(1));
  EXPECT_EQ(events_after(1), Lines{"text " + result("null")});
  EXPECT_EQ(first.events(), Lines{"text " + result("\"mine\"")});
}

TEST_P(WebSocketSessionTest, APeerWithTooManyInFlightIsNotReadFrom) {
  open({{.in_flight = 1}});
  send_text(request("later"));
  send_text(request("add", "[2,3]", "2"));
  steps_.until([&] { return kept_.size() == 1; }).pass(10min).then([&] {
    EXPECT_EQ(peer_.events(), Lines{});
    kept_[0].result("late");
  });
  EXPECT_EQ(events_after(2),
            (Lines{"text " + result("\"late\""), "text " + result("5", "2")}));
}

TEST_P(WebSocketSessionTest, ADrainSendsWhatIsOwedAndSaysGoodbye) {
  open();
  send_text(request("later"));
  steps_.until([&] { return kept_.size() == 1; });
  steps_.then([&] { reactor_.drain(10s); });
  send_text(request("add", "[2,3]", "2"));
  steps_.until(peer_.has(1)).then([&] { kept_[0].result("owed"); });
  const Lines events = events_after(3);
  EXPECT_EQ(error_code(events.at(0).substr(5)), kShuttingDown);
  EXPECT_EQ(events.at(1), "text " + result("\"owed\""));
  EXPECT_EQ(events.at(2), "close 1001 ");
}

TEST_P(WebSocketSessionTest, ADrainAmongManyRequestsAnswersAllOfThem) {
  open();
  std::string many;
  for (int i = 0; i < 200; ++i) {
    many += client_frame(0x81, request("add", "[2,3]"));
  }
  send(many);
  steps_.until(peer_.has(1)).then([&] {
    EXPECT_LT(peer_.events().size(), 200u);
    reactor_.drain(10s);
  });
  const Lines events = events_after(201);
  ASSERT_EQ(events.size(), 201u);
  EXPECT_EQ(error_code(events.at(199).substr(5)), kShuttingDown);
  EXPECT_EQ(events.back(), "close 1001 ");
}

TEST_P(WebSocketSessionTest, ThePageOfAnotherSiteIsRefused) {
  open({}, "Origin: http://localhost\r\n");
  RawWebSocket other;
  steps_.then([&] {
    RawWebSocket first = std::move(peer_);
    connect();
    peer_.ask("/rpc", "Origin: http://evil.example\r\n");
    other = std::move(peer_);
    peer_ = std::move(first);
  });
  steps_.until([&] { return !other.answer().empty(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(other.answer().starts_with("HTTP/1.1 403 ")) << other.answer();
}

TEST_P(WebSocketSessionTest, ThePathServesOtherRequestsToo) {
  serve();
  site_->get("/socket", [](const HttpRequest&) -> HttpResponse {
    return {200, {{"Content-Type", "text/plain"}}, "no socket"};
  });
  peer_.send("GET /socket HTTP/1.1\r\nHost: localhost\r\n\r\n");
  steps_.until(peer_.has_answer());
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(peer_.answer().starts_with("HTTP/1.1 200 ")) << peer_.answer();
}

TEST_P(WebSocketSessionTest, ABodyOfLengthZeroIsNone) {
  open({}, "Content-Length: 00\r\n");
  ASSERT_TRUE(steps_.run());
}

TEST_P(WebSocketSessionTest, AHandshakeOfAnotherVersionIsRefused) {
  serve();
  peer_.send(
      "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Version: 8\r\n\r\n");
  steps_.until(peer_.has_answer());
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(peer_.answer().starts_with("HTTP/1.1 426 ")) << peer_.answer();
  EXPECT_EQ(user_, nullptr);
}

}  // namespace
}  // namespace rp
