#include "tests/support/stdio_peer.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

#include "reactor/socket.h"
#include "rpc/wire/content_length.h"

namespace rp {
namespace {

constexpr int kPipeRoom = 1024 * 1024;

std::array<UniqueFd, 2> pipe_ends() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe");
  ::fcntl(ends[0], F_SETPIPE_SZ, kPipeRoom);
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd copy_of(const UniqueFd& fd) {
  return UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0));
}

}  // namespace

StdioPeer::StdioPeer(UniqueFd to, UniqueFd from)
    : to_(std::move(to)),
      from_(std::move(from)),
      framer_(framer_of(Stdio::Framing::lines)) {
  set_blocking(to_.get(), false);
  set_blocking(from_.get(), false);
}

void StdioPeer::send(std::string_view bytes) {
  const ssize_t count = ::write(to_.get(), bytes.data(), bytes.size());
  if (count < 0) throw_errno("write to the program under test");
  if (static_cast<std::size_t>(count) != bytes.size()) {
    throw_errno("write to the program under test", EAGAIN);
  }
}

void StdioPeer::send_message(std::string_view message) {
  send(framer_->before(message.size())
           .append(message)
           .append(framer_->behind()));
}

void StdioPeer::end_input() {
  ::shutdown(to_.get(), SHUT_WR);  // of a socket; a pipe has no other user
  to_.reset();
}

Function<bool()> StdioPeer::has(std::size_t messages) {
  return [this, messages] { return ended() || messages_.size() >= messages; };
}

Function<bool()> StdioPeer::has_ended() {
  return [this] { return ended(); };
}

const std::vector<std::string>& StdioPeer::messages() {
  read_what_came();
  return messages_;
}

bool StdioPeer::ended() {
  read_what_came();
  return ended_;
}

void StdioPeer::read_what_came() {
  std::array<char, 65536> bytes;
  while (!ended_ && from_) {
    const ssize_t count = ::read(from_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EAGAIN) break;
    ended_ = count <= 0;
    if (!ended_) take({bytes.data(), static_cast<std::size_t>(count)});
  }
}

void StdioPeer::take(std::string_view bytes) {
  framer_->feed(bytes);
  Frame frame = framer_->next();
  for (; frame.kind == Frame::kMessage; frame = framer_->next()) {
    messages_.emplace_back(frame.message);
  }
  if (frame.kind != Frame::kNothingYet) {
    throw std::runtime_error("the program under test: " + framer_->fault());
  }
}

std::unique_ptr<Framer> framer_of(Stdio::Framing framing) {
  if (framing == Stdio::Framing::content_length) {
    return std::make_unique<ContentLengthFramer>(kPipeRoom);
  }
  return std::make_unique<LineFramer>(kPipeRoom);
}

StdioEnds stdio_pipes() {
  auto there = pipe_ends();
  auto back = pipe_ends();
  return {std::move(there[0]), std::move(back[1]),
          StdioPeer(std::move(there[1]), std::move(back[0]))};
}

StdioEnds stdio_socket() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw_errno("socketpair");
  }
  UniqueFd ours(ends[0]), theirs(ends[1]);
  UniqueFd ours_again = copy_of(ours), theirs_again = copy_of(theirs);
  return {std::move(ours), std::move(ours_again),
          StdioPeer(std::move(theirs), std::move(theirs_again))};
}

}  // namespace rp
