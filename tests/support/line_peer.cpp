#include "tests/support/line_peer.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "reactor/socket.h"

namespace rp {

LinePeer::LinePeer(UniqueFd fd) : fd_(std::move(fd)) {
  set_blocking(fd_.get(), false);
}

void LinePeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EPIPE) return;
    if (count < 0) throw_errno("send to the server under test");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

std::size_t LinePeer::fill() {
  const std::string spaces(4096, ' ');
  std::size_t taken = 0;
  for (;;) {
    const ssize_t count =
        ::send(fd_.get(), spaces.data(), spaces.size(), MSG_NOSIGNAL);
    if (count < 0) return taken;
    taken += static_cast<std::size_t>(count);
  }
}

void LinePeer::end_input() { ::shutdown(fd_.get(), SHUT_WR); }

Function<bool()> LinePeer::has(std::size_t lines) {
  return [this, lines] { return ended() || lines_.size() >= lines; };
}

Function<bool()> LinePeer::has_ended() {
  return [this] { return ended(); };
}

const std::vector<std::string>& LinePeer::lines() {
  read_what_came();
  return lines_;
}

bool LinePeer::ended() {
  read_what_came();
  return ended_;
}

void LinePeer::read_what_came() {
  std::array<char, 65536> bytes;
  while (!ended_) {
    const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EAGAIN) break;
    ended_ = count <= 0;
    if (!ended_) begun_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  std::size_t begin = 0;
  for (std::size_t end; (end = begun_.find('\n', begin)) != begun_.npos;) {
    lines_.push_back(begun_.substr(begin, end - begin));
    begin = end + 1;
  }
  begun_.erase(0, begin);
}

}  // namespace rp
