#pragma once

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "rpc/http_connection.h"
#include "rpc/http_site.h"
#include "rpc/websocket_server.h"
#include "tests/support/pollers.h"
#include "tests/support/raw_websocket.h"
#include "tests/support/steps.h"
#include "tests/support/stream_pair.h"
#include "tests/support/websocket_frames.h"

namespace rp {

/// A user of a WebSocket that writes down what happens to it.
class LoggedPeer : public WebSocketPeer {
 public:
  explicit LoggedPeer(std::vector<std::string>& log) : log_(log) {}

 private:
  void on_open() override { log_.emplace_back("open"); }
  void on_text(std::string_view text) override {
    if (text == "throw") throw std::runtime_error("thrown by a peer");
    log_.push_back("text " + std::string(text));
  }
  void on_binary(std::string_view bytes) override {
    log_.push_back("binary " + std::string(bytes));
  }
  void on_ended(const WebSocketEnd& end) override {
    log_.push_back("ended " + std::to_string(end.code) + " " +
                   std::string(end.why) + " " +
                   std::string(to_string(end.stream)));
  }

  std::vector<std::string>& log_;
};

/// A test with a site on a loop of the test's time, and a client of it. The
/// site's WebSockets are at /socket; their users write into log_.
class WebSocketTest : public OnBothPollers {
 protected:
  /// Serves /socket, and one connection, whose other end is peer_.
  void serve(WebSocketLimits limits = {}, ConnectionLimits connection = {}) {
    site_ = std::make_unique<HttpSite>(reactor_, 0,
                                       HttpOptions{.connection = connection});
    serve_websocket(
        *site_, "/socket",
        [this](const HttpRequest&) {
          auto user = std::make_unique<LoggedPeer>(log_);
          user_ = user.get();
          return user;
        },
        limits);
    connect();
  }

  void connect() {
    StreamPair stream;
    connection_ = reactor_.add(std::make_unique<HttpConnection>(
                                   std::move(stream.ours), Address(), *site_),
                               Interest::reading());
    peer_ = RawWebSocket(std::move(stream.theirs));
  }

  /// The same, and the handshake is done by the first step.
  void open(WebSocketLimits limits = {}, ConnectionLimits connection = {}) {
    serve(limits, connection);
    peer_.ask("/socket");
    steps_.until(peer_.has_answer()).then([this] {
      EXPECT_TRUE(peer_.is_open()) << peer_.answer();
      log_.clear();
    });
  }

  /// Goes on with the steps until the condition holds. What is in the log
  /// then; the end of the run adds to it.
  std::vector<std::string> log_when(Function<bool()> condition) {
    std::vector<std::string> log;
    steps_.until(std::move(condition)).then([&] { log = log_; });
    EXPECT_TRUE(steps_.run());
    return log;
  }

  /// Once the steps are done.
  std::vector<std::string> log_now() {
    return log_when([] { return true; });
  }

  /// The same, for what the peer has got.
  std::vector<std::string> events_when(Function<bool()> condition) {
    log_when(std::move(condition));
    return peer_.events();
  }

  /// Goes on for `time`, at the end of which the condition comes to hold.
  void expect_after(Duration time, Function<bool()> condition) {
    const auto shared =
        std::make_shared<Function<bool()>>(std::move(condition));
    steps_.pass(time - std::chrono::nanoseconds(1));
    steps_.then([shared] { EXPECT_FALSE((*shared)()) << "too early"; });
    steps_.pass(std::chrono::microseconds(1));
    steps_.then([shared] { EXPECT_TRUE((*shared)()) << "too late"; });
  }

  /// Has the peer send something when the steps before are done.
  void send(std::string bytes) {
    steps_.then([this, bytes = std::move(bytes)] { peer_.send(bytes); });
  }

  Function<bool()> logged(std::size_t lines) {
    return [this, lines] { return log_.size() >= lines; };
  }

  /// Holds when the connection is gone.
  Function<bool()> gone() {
    return [this] { return reactor_.find(connection_) == nullptr; };
  }

  Steps steps_{reactor_};
  std::unique_ptr<HttpSite> site_;
  LoggedPeer* user_ = nullptr;  // while it lives
  HandleId connection_;
  RawWebSocket peer_;
};

}  // namespace rp
