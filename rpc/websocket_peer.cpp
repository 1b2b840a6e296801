#include "rpc/websocket_peer.h"

#include "rpc/websocket_wire.h"

namespace rp {

void WebSocketPeer::send_text(std::string_view text) {
  if (wire_ != nullptr) wire_->send(WebSocketOpcode::text, text);
}

void WebSocketPeer::send_binary(std::string_view bytes) {
  if (wire_ != nullptr) wire_->send(WebSocketOpcode::binary, bytes);
}

void WebSocketPeer::close(std::uint16_t code, std::string_view why) {
  if (wire_ != nullptr) wire_->close(code, why);
}

void WebSocketPeer::pause() {
  if (wire_ != nullptr) wire_->set_reading(false);
}

void WebSocketPeer::resume() {
  if (wire_ != nullptr) wire_->set_reading(true);
}

const Address& WebSocketPeer::address() const { return wire_->stream().peer(); }

std::size_t WebSocketPeer::unsent() const { return wire_->stream().unsent(); }

bool WebSocketPeer::is_behind() const { return wire_->is_behind(); }

Reactor& WebSocketPeer::reactor() const { return wire_->stream().reactor(); }

void WebSocketPeer::on_binary(std::string_view) {
  close(close_code::kUnsupported, "only text is taken here");
}

void WebSocketPeer::on_drain() {
  close(close_code::kGoingAway, "the server goes down");
}

}  // namespace rp
