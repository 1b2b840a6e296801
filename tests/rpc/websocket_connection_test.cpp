#include "rpc/websocket_connection.h"

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "rpc/wire/websocket_handshake.h"
#include "tests/support/handlers.h"
#include "tests/support/websocket_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class ThrowsAtOnce : public LoggedPeer {
  using LoggedPeer::LoggedPeer;
  void on_open() override { throw std::runtime_error("thrown at once"); }
};

/// A client's end, and the test as its server.
class WebSocketConnectionTest : public WebSocketTest {
 protected:
  /// Dials; `theirs_` is the server's end of the stream.
  void dial() { dial(StreamPair(), {}); }
  void dial(StreamPair stream, WebSocketConnection::Limits limits) {
    dial(std::move(stream), limits, std::make_unique<LoggedPeer>(log_));
  }
  void dial(StreamPair stream, WebSocketConnection::Limits limits,
            std::unique_ptr<LoggedPeer> user) {
    theirs_ = std::move(stream.theirs);
    client_ = user.get();
    connection_ =
        reactor_.add(std::make_unique<WebSocketConnection>(
                         std::move(stream.ours), Address(), "localhost:80",
                         "/socket", std::move(user), limits),
                     Interest::reading());
  }

  /// What the client has sent so far.
  const std::string& got() { return got_ += read_available(theirs_.get()); }

  Function<bool()> has_got(std::string_view text) {
    return [this, text] { return got().find(text) != std::string::npos; };
  }

  /// Answers the request, when it has come, as a server that agrees.
  void agree(const std::string& behind = {}) {
    steps_.until(has_got("\r\n\r\n")).then([this, behind] {
      constexpr std::string_view kName = "Sec-WebSocket-Key: ";
      const auto at = got_.find(kName) + kName.size();
      const std::string key = got_.substr(at, got_.find('\r', at) - at);
      write_all(theirs_.get(),
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                    websocket_accept(key) + "\r\n\r\n" + behind);
      got_.clear();
    });
  }

  /// The client's log when the server has answered like this.
  Lines log_after_answer(const std::string& answer) {
    dial();
    steps_.then([this, answer] { write_all(theirs_.get(), answer); });
    return log_when(logged(1));
  }

  UniqueFd theirs_;
  std::string got_;
  LoggedPeer* client_ = nullptr;
};
RP_ON_BOTH_POLLERS(WebSocketConnectionTest);

TEST_P(WebSocketConnectionTest, SpeaksWithOurServer) {
  serve();
  StreamPair stream;
  reactor_.add(std::make_unique<HttpConnection>(std::move(stream.theirs),
                                                Address(), *site_),
               Interest::reading());
  dial(std::move(stream), {});
  steps_.until(logged(2)).then([&] {
    log_.clear();
    client_->send_text("to the server");
  });
  steps_.until(logged(1)).then([&] { user_->send_text("to the client"); });
  EXPECT_EQ(log_when(logged(2)),
            (Lines{"text to the server", "text to the client"}));
}

TEST_P(WebSocketConnectionTest, AsksToUpgrade) {
  dial();
  steps_.until(has_got("\r\n\r\n"));
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(got_.starts_with("GET /socket HTTP/1.1\r\nHost: localhost:80"));
}

TEST_P(WebSocketConnectionTest, TakesWhatCameBehindTheAnswer) {
  dial();
  agree(server_frame(0x81, "early"));
  EXPECT_EQ(log_when(logged(2)), (Lines{"open", "text early"}));
}

TEST_P(WebSocketConnectionTest, OnceOpenItIsNotTooLateForItsHandshake) {
  dial();
  agree();
  steps_.until(logged(1)).pass(11s);
  EXPECT_EQ(log_now(), Lines{"open"});
}

TEST_P(WebSocketConnectionTest, IsClosedWhenItsUserThrowsAtOnce) {
  std::size_t thrown = 0;
  reactor_.on_error([&](const std::exception_ptr&) { ++thrown; });
  dial(StreamPair(), {}, std::make_unique<ThrowsAtOnce>(log_));
  agree(server_frame(0x81, "early"));
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 1006 local local"});
  EXPECT_EQ(thrown, 1u);
}

TEST_P(WebSocketConnectionTest, OpensThoughItsRequestWasTooMuchToBeUnsent) {
  dial(StreamPair(), {.connection = {.pause_at = 1}});
  agree();
  EXPECT_EQ(log_when(logged(1)), Lines{"open"});
}

TEST_P(WebSocketConnectionTest, MasksEachFrameAnew) {
  dial();
  agree();
  steps_.until(logged(1)).then([&] {
    client_->send_text("Hello");
    client_->send_text("Hello");
  });
  steps_.until([&] { return got().size() == 22; });
  ASSERT_TRUE(steps_.run());
  const Lines texts{"text Hello", "text Hello"};
  EXPECT_EQ(events_of({got_}, WebSocketSide::server), texts);
  EXPECT_NE(got_.substr(0, 11), got_.substr(11)) << "one chance in 4 billion";
}

TEST_P(WebSocketConnectionTest, RefusesAMaskedFrame) {
  dial();
  agree(client_frame(0x81, "x"));
  steps_.until(logged(1)).pass(2s);
  EXPECT_EQ(log_when(logged(2)).at(1),
            "ended 1002 a server's frame is masked protocol");
}

TEST_P(WebSocketConnectionTest, LeavesTheEndOfTheStreamToTheServer) {
  dial();
  agree(server_frame(0x88, closing(1001)));
  steps_.until(logged(1)).pass(1s).then([&] {
    EXPECT_EQ(log_, Lines{"open"});
    EXPECT_EQ(got().size(), 8u) << "its closing frame";
    theirs_.reset();
  });
  EXPECT_EQ(log_when(logged(2)).at(1), "ended 1001 peer peer");
}

TEST_P(WebSocketConnectionTest, WaitsTwoSecondsForTheServer) {
  dial(StreamPair(), {.connection = {.linger = 0s}});
  agree(server_frame(0x88, closing(1001)));
  steps_.until([&] { return got().size() == 8; });
  expect_after(2s, gone());
  EXPECT_TRUE(steps_.run());
}

TEST_P(WebSocketConnectionTest, TellsThatTheServerRefused) {
  EXPECT_EQ(log_after_answer("HTTP/1.1 404 Not Found\r\n\r\n"),
            Lines{"ended 1006 the server answered 404 Not Found protocol"});
}

TEST_P(WebSocketConnectionTest, PassesOverAnInterimAnswer) {
  EXPECT_EQ(log_after_answer("HTTP/1.1 103 Early Hints\r\n\r\n"
                             "HTTP/1.1 403 Forbidden\r\n\r\n"),
            Lines{"ended 1006 the server answered 403 Forbidden protocol"});
}

TEST_P(WebSocketConnectionTest, RefusesAnAnswerToAnotherKey) {
  EXPECT_EQ(
      log_after_answer("HTTP/1.1 101 Switching Protocols\r\n"
                       "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Accept: "
                       "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"),
      Lines{"ended 1006 the server's Sec-WebSocket-Accept is wrong protocol"});
}

TEST_P(WebSocketConnectionTest, RefusesWhatIsNoHttp) {
  const Lines log = log_after_answer("SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_TRUE(log.at(0).starts_with("ended 1006 no HTTP answer: ")) << log[0];
}

TEST_P(WebSocketConnectionTest, TellsThatTheServerHungUp) {
  dial();
  steps_.until(has_got("\r\n\r\n")).then([&] { theirs_.reset(); });
  EXPECT_EQ(log_when(logged(1)),
            Lines{"ended 1006 the server closed the connection peer"});
}

TEST_P(WebSocketConnectionTest, WaitsTenSecondsForTheAnswer) {
  dial();
  expect_after(10s, logged(1));
  EXPECT_EQ(log_now(),
            Lines{"ended 1006 the server did not answer in time too-slow"});
}

TEST_P(WebSocketConnectionTest, SaysGoodbyeWhenItDrains) {
  dial();
  agree();
  steps_.until(logged(1)).then([&] { reactor_.drain(10s); });
  steps_.until([&] { return got().size() > 8; });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(events_of({got_}, WebSocketSide::server),
            Lines{"close 1001 the server goes down"});
}

}  // namespace
}  // namespace rp
