#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "reactor/socket.h"

// A handler as in chapter 5 sends a large answer and closes. The kernel takes
// what it has room for; nobody keeps the rest.
//
// Promise: never prints "the whole answer came"

using rp::UniqueFd;

constexpr std::size_t kAnswer = 5'000'000;

class Answer : public rp::EventHandler {
 public:
  explicit Answer(UniqueFd fd) : fd_(std::move(fd)) {}
  int fd() const override { return fd_.get(); }

  void on_readable() override {
    char question = 0;
    ::recv(fd(), &question, 1, 0);
    const std::string answer(kAnswer, 'x');
    ::send(fd(), answer.data(), answer.size(), MSG_NOSIGNAL);
    reactor().close(id());
  }
  void on_closed(rp::CloseReason) override { reactor().stop(); }

 private:
  UniqueFd fd_;
};

static std::size_t read_to_end(int fd) {
  std::vector<char> bytes(64 * 1024);
  std::size_t all = 0;
  for (;;) {
    const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count <= 0) return all;
    all += static_cast<std::size_t>(count);
  }
}

int main() {
  int ends[2];
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (::socketpair(AF_UNIX, type, 0, ends) != 0) rp::throw_errno("socketpair");
  const UniqueFd client(ends[1]);
  rp::Reactor reactor;
  reactor.add(std::make_unique<Answer>(UniqueFd(ends[0])),
              rp::Interest::reading());
  ::send(client.get(), "?", 1, MSG_NOSIGNAL);
  reactor.run();
  const std::size_t came = read_to_end(client.get());
  std::printf("%zu bytes were sent, %zu came\n", kAnswer, came);
  if (came == kAnswer) std::puts("the whole answer came");
}
