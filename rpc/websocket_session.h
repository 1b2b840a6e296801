#pragma once

#include <memory>
#include <string_view>

#include "reactor/function.h"
#include "rpc/session.h"
#include "rpc/websocket_peer.h"

namespace rp {

/// JSON-RPC over a WebSocket: one JSON text a text message, both ways at once.
///
///     auto session = std::make_unique<Session>(service, "server");
///     std::make_unique<WebSocketSession>(std::move(session));
///
/// A message that is no JSON is answered with -32700. A binary one ends the
/// conversation (1003), and so does one that is too long (1009). When the
/// peer closes, what it is still owed is thrown away.
///
/// A peer with SessionLimits::in_flight requests unanswered is not read from,
/// and its pings wait with it. One that leaves when a pong is late (Python's
/// websockets: after 20 s) should send no more at a time than are answered
/// meanwhile: wait for answers before it sends the next.
///
/// Thread rule: the loop's thread. Ownership: it owns its session.
class WebSocketSession : public WebSocketPeer, private Wire {
 public:
  using Make = Function<std::unique_ptr<Session>(const Address& peer)>;

  /// The session may have asked already; what it sent leaves first.
  explicit WebSocketSession(std::unique_ptr<Session> session);

  /// Makes its session when it knows its peer.
  explicit WebSocketSession(Make make) : make_(std::move(make)) {}

  /// As long as the WebSocket lives; null before on_open() if it is made then.
  Session* session() { return session_.get(); }

 private:
  void on_open() override;
  void on_text(std::string_view text) override { session_->receive(text); }
  void on_caught_up() override { session_->caught_up(); }
  void on_ready() override { session_->wire_ready(); }
  void on_drain() override;
  void on_ended(const WebSocketEnd& end) override;

  void send(std::string_view json) override { send_text(json); }
  void set_reading(bool wanted) override { wanted ? resume() : pause(); }
  void finish() override;

  Make make_;
  std::unique_ptr<Session> session_;
  bool draining_ = false;
};

}  // namespace rp
