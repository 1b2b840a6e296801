#include "rpc/websocket_connection.h"

#include <utility>

#include "rpc/random_bytes.h"
#include "rpc/wire/digest.h"
#include "rpc/wire/http_writer.h"
#include "rpc/wire/websocket_handshake.h"

namespace rp {

WebSocketConnection::WebSocketConnection(UniqueFd fd, const Address& peer,
                                         std::string_view host,
                                         std::string_view target,
                                         std::unique_ptr<WebSocketPeer> user)
    : WebSocketConnection(std::move(fd), peer, host, target, std::move(user),
                          Limits()) {}

WebSocketConnection::WebSocketConnection(UniqueFd fd, const Address& peer,
                                         std::string_view host,
                                         std::string_view target,
                                         std::unique_ptr<WebSocketPeer> user,
                                         Limits limits)
    : Connection(std::move(fd), peer, limits.connection),
      key_(to_base64(random_bytes(16))),
      handshake_limit_(limits.handshake),
      wire_(WebSocketSide::client, std::move(user), limits.websocket) {
  write_request(request_, handshake_request(host, target, key_));
}

void WebSocketConnection::on_added() {
  Connection::on_added();
  send(std::exchange(request_, {}));
  handshake_timer_ = reactor().run_after(handshake_limit_, [this] {
    give_up("the server did not answer in time", CloseReason::too_slow);
  });
}

void WebSocketConnection::on_data(std::string_view bytes) {
  open_ ? wire_.take(bytes) : take_answer(bytes);
}

void WebSocketConnection::take_answer(std::string_view bytes) {
  answer_.feed(bytes);
  HttpEvent event = answer_.next();
  const auto is_interim = [&] { return answer_.response().status < 200; };
  while (event.kind == HttpEvent::kEnd ||
         (event.kind == HttpEvent::kHead && is_interim() &&
          answer_.response().status != 101)) {
    event = answer_.next();
  }
  if (event.kind == HttpEvent::kHead) judge_answer();
  if (event.kind == HttpEvent::kError) {
    give_up("no HTTP answer: " + event.what, CloseReason::protocol);
  }
}

// What came with the answer would be missing from a conversation that went on
// when its beginning has thrown.
void WebSocketConnection::judge_answer() {
  const std::string fault = handshake_fault(answer_.response(), key_);
  if (!fault.empty()) return give_up(fault, CloseReason::protocol);
  reactor().cancel(handshake_timer_);
  open_ = true;
  try {
    wire_.begin(*this);
  } catch (...) {
    close(CloseReason::local);
    throw;
  }
  if (!answer_.rest().empty()) wire_.take(answer_.rest());
}

void WebSocketConnection::on_end() {
  if (open_) return wire_.take_end();
  give_up("the server closed the connection", CloseReason::peer);
}

void WebSocketConnection::on_drain() {
  open_ ? wire_.drain() : close(CloseReason::drained);
}

void WebSocketConnection::give_up(std::string why, CloseReason reason) {
  failure_ = std::move(why);
  close(reason);
}

void WebSocketConnection::on_disconnect(CloseReason reason) {
  reactor().cancel(handshake_timer_);
  wire_.lost(reason, failure_);
}

}  // namespace rp
