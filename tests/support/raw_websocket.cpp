#include "tests/support/raw_websocket.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "reactor/socket.h"
#include "tests/support/websocket_frames.h"

namespace rp {

RawWebSocket::RawWebSocket(UniqueFd fd)
    : fd_(std::move(fd)),
      parser_(std::make_unique<WebSocketParser>(WebSocketSide::client,
                                                64 * 1024 * 1024)) {
  set_blocking(fd_.get(), false);
}

void RawWebSocket::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EPIPE) return;
    if (count < 0) throw_errno("send to the server under test");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void RawWebSocket::ask(std::string_view target, std::string_view more) {
  send("GET " + std::string(target) +
       " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
       std::string(more) + "\r\n");
}

void RawWebSocket::end_input() { ::shutdown(fd_.get(), SHUT_WR); }

const std::string& RawWebSocket::answer() {
  read_what_came();
  return answer_;
}

bool RawWebSocket::is_open() { return answer().starts_with("HTTP/1.1 101 "); }

const std::vector<std::string>& RawWebSocket::events() {
  read_what_came();
  return events_;
}

Function<bool()> RawWebSocket::has(std::size_t events) {
  return [this, events] { return ended() || events_.size() >= events; };
}

Function<bool()> RawWebSocket::has_ended() {
  return [this] { return ended(); };
}

Function<bool()> RawWebSocket::has_answer() {
  return [this] { return ended() || !answer_.empty(); };
}

bool RawWebSocket::ended() {
  read_what_came();
  return ended_;
}

void RawWebSocket::read_what_came() {
  std::array<char, 65536> bytes;
  std::size_t left = most_;
  while (!ended_ && left > 0) {
    const ssize_t count =
        ::recv(fd_.get(), bytes.data(), std::min(left, bytes.size()), 0);
    if (count < 0 && errno == EAGAIN) return;
    ended_ = count <= 0;
    if (ended_) return;
    const auto came = static_cast<std::size_t>(count);
    left -= came;
    bytes_ += came;
    parse({bytes.data(), came});
  }
}

void RawWebSocket::parse(std::string_view bytes) {
  std::string behind;
  if (!has_head_) {
    head_.append(bytes);
    const auto end = head_.find("\r\n\r\n");
    if (end == head_.npos) return;
    has_head_ = true;
    answer_ = head_.substr(0, end + 2);
    behind = head_.substr(end + 4);
    bytes = behind;
  }
  if (!answer_.starts_with("HTTP/1.1 101 ")) return;
  parser_->feed(bytes);
  for (WebSocketEvent event; !ended_;) {
    event = parser_->next();
    if (event.kind == WebSocketEvent::kNothingYet) return;
    events_.push_back(told(event));
    if (event.kind == WebSocketEvent::kError) ended_ = true;
  }
}

}  // namespace rp
