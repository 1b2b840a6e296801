#include "rpc/websocket_session.h"

#include <string>
#include <utility>

namespace rp {

WebSocketSession::WebSocketSession(std::unique_ptr<Session> session)
    : session_(std::move(session)) {}

void WebSocketSession::on_open() {
  if (!session_) session_ = make_(address());
  session_->attach(*this);
}

void WebSocketSession::on_drain() {
  draining_ = true;
  session_->drain();
}

void WebSocketSession::on_ended(const WebSocketEnd& end) {
  if (session_) session_->lost("connection lost: " + std::string(end.why));
}

// Messages may wait in the parser, behind the present one or behind answers
// that the peer does not read: it ends when they have their answers.
void WebSocketSession::finish() {
  if (is_behind()) return;
  close(draining_ ? close_code::kGoingAway : close_code::kNormal);
}

}  // namespace rp
