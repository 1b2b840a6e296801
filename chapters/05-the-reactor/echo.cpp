#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <utility>

#include "reactor/reactor.h"
#include "reactor/socket.h"

// The conversation of chapter 1, by a loop: the first client says nothing, and
// the second is answered all the same.

using rp::Interest;
using rp::UniqueFd;

// What has a descriptor and can be read.
class Handle : public rp::EventHandler {
 public:
  explicit Handle(UniqueFd fd) : fd_(std::move(fd)) {}
  int fd() const override { return fd_.get(); }

 private:
  UniqueFd fd_;
};

class Echo : public Handle {
 public:
  using Handle::Handle;

  void on_readable() override {
    const auto buffer = reactor().read_buffer();
    const ssize_t size = ::recv(fd(), buffer.data(), buffer.size(), 0);
    if (size <= 0) return reactor().close(id(), rp::CloseReason::peer);
    ::send(fd(), buffer.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
  }
};

class Door : public Handle {
 public:
  using Handle::Handle;

  void on_readable() override {
    UniqueFd peer = rp::accept_from(fd(), nullptr);
    if (!peer) return;
    reactor().add(std::make_unique<Echo>(std::move(peer)), Interest::reading());
  }
};

class Client : public Handle {
 public:
  Client(const rp::Address& server, rp::Task answered)
      : Handle(rp::connect_blocking(server)), answered_(std::move(answered)) {}

  void on_readable() override {
    char answer[64];
    const ssize_t size = ::recv(fd(), answer, sizeof answer, 0);
    std::printf("%.*s\n", static_cast<int>(size), answer);
    answered_();
  }

 private:
  rp::Task answered_;
};

int main() {
  rp::Reactor reactor;
  UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const auto here = rp::local_address(listening.get());
  reactor.add(std::make_unique<Door>(std::move(listening)),
              Interest::reading());

  auto first = std::make_unique<Client>(here, [&] { reactor.stop(); });
  auto second = std::make_unique<Client>(here, [silent = first->fd()] {
    ::send(silent, "first client: hello again", 25, MSG_NOSIGNAL);
  });
  ::send(second->fd(), "second client: hello", 20, MSG_NOSIGNAL);
  reactor.add(std::move(first), Interest::reading());
  reactor.add(std::move(second), Interest::reading());
  reactor.run();
}
