#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "reactor/reactor.h"
#include "reactor/socket.h"

// The echo server of chapter 1 on the reactor: a client that says nothing
// costs a slot in a table, and the next one is answered at once. An answer
// that the kernel does not take whole is cut short; chapter 6 mends that.
//
//     echo --port 7010     serves whoever comes, until Ctrl-C

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

int main(int argc, char** argv) try {
  if (argc != 3 || std::string(argv[1]) != "--port") {
    std::fputs("usage: echo --port N\n", stderr);
    return 2;
  }
  UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:" + std::string(argv[2])));
  const std::string here = rp::local_address(listening.get()).to_string();
  rp::Reactor reactor;
  reactor.add(std::make_unique<Door>(std::move(listening)),
              Interest::reading());
  std::printf("listening on tcp %s\n", here.c_str());
  std::fflush(stdout);
  reactor.run();
} catch (const std::exception& error) {
  std::fprintf(stderr, "echo: %s\n", error.what());
  return 1;
}
