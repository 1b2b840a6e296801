#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "reactor/acceptor.h"
#include "reactor/connection.h"
#include "reactor/socket.h"

// The echo server once more. What the bytes mean is all that is left to say:
// a connection knows how to read, to write, to wait and to end.
//
//     echo --port 7010     serves whoever comes, until Ctrl-C

class Echo : public rp::Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view bytes) override { send(bytes); }
};

static std::unique_ptr<rp::Connection> make_echo(rp::UniqueFd fd,
                                                 const rp::Address& peer) {
  return std::make_unique<Echo>(std::move(fd), peer);
}

int main(int argc, char** argv) try {
  if (argc != 3 || std::string(argv[1]) != "--port") {
    std::fputs("usage: echo --port N\n", stderr);
    return 2;
  }
  rp::UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:" + std::string(argv[2])));
  const std::string here = rp::local_address(listening.get()).to_string();
  rp::Reactor reactor;
  rp::Acceptor::start(reactor, std::move(listening), make_echo);
  std::printf("listening on tcp %s\n", here.c_str());
  std::fflush(stdout);
  reactor.run();
} catch (const std::exception& error) {
  std::fprintf(stderr, "echo: %s\n", error.what());
  return 1;
}
