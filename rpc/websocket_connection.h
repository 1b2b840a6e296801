#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "reactor/connection.h"
#include "rpc/websocket_wire.h"
#include "rpc/wire/http_response_parser.h"

namespace rp {

/// The client's end of a WebSocket, over a stream that is connected: asks the
/// server to upgrade and hands over to the wire when it has.
///
///     reactor.add(std::make_unique<WebSocketConnection>(
///                     std::move(fd), peer, "127.0.0.1:7080", "/rpc",
///                     std::make_unique<WebSocketSession>(std::move(session))),
///                 Interest::reading());
///
/// When the server refuses, breaks HTTP, or does not answer in time, the
/// WebSocketPeer gets on_ended() with what happened, and never on_open(). When
/// on_open() throws, the stream is closed (CloseReason::local).
/// Redirections are not followed, and nothing is tried again: whoever dials
/// decides that (RFC 6455, section 4.1).
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it.
class WebSocketConnection : public Connection {
 public:
  /// A time of zero is none, but for the handshake's.
  struct Limits {
    WebSocketLimits websocket = {};
    ConnectionLimits connection = {};
    /// How long the server may take to answer the handshake.
    Duration handshake = std::chrono::seconds(10);
  };

  /// `host` (with its port) and `target` are what stands in
  /// ws://HOST:PORT/TARGET, the target with its slash: "/rpc". Throws
  /// std::invalid_argument for what cannot stand there.
  WebSocketConnection(UniqueFd fd, const Address& peer, std::string_view host,
                      std::string_view target,
                      std::unique_ptr<WebSocketPeer> user);
  WebSocketConnection(UniqueFd fd, const Address& peer, std::string_view host,
                      std::string_view target,
                      std::unique_ptr<WebSocketPeer> user, Limits limits);

  /// Who uses it, as long as it lives.
  WebSocketPeer& user() { return wire_.user(); }

  void on_added() override;
  /// Tells the WebSocketPeer, or closes at once while nobody has answered.
  void on_drain() override;

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override {
    if (open_) wire_.go_on();
  }
  bool is_idle() const override { return wire_.is_idle(); }
  void on_disconnect(CloseReason reason) override;

 private:
  void take_answer(std::string_view bytes);
  void judge_answer();
  void give_up(std::string why, CloseReason reason);

  std::string key_;  // new for each connection
  std::string request_;
  Duration handshake_limit_;
  TimerId handshake_timer_;
  HttpResponseParser answer_;
  bool open_ = false;
  std::string failure_;  // why it never opened
  WebSocketWire wire_;
};

}  // namespace rp
