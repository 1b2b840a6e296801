#include <sys/socket.h>

#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include "reactor/acceptor.h"
#include "reactor/connection.h"
#include "reactor/socket.h"

// The conversation of chapter 1 once more. What the bytes mean is all that is
// left to say: a connection knows how to read, to write and to end.

class Echo : public rp::Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view bytes) override { send(bytes); }
};

class Client : public rp::Connection {
 public:
  Client(const rp::Address& server, const char* name, rp::Task answered)
      : Connection(rp::connect_blocking(server), server),
        name_(name),
        answered_(std::move(answered)) {}

 protected:
  void on_data(std::string_view bytes) override {
    std::printf("%s: %.*s\n", name_, static_cast<int>(bytes.size()),
                bytes.data());
    answered_();
  }

 private:
  const char* name_;
  rp::Task answered_;
};

int main() {
  rp::Reactor reactor;
  rp::UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const rp::Address here = rp::local_address(listening.get());
  rp::Acceptor::start(reactor, std::move(listening),
                      [](rp::UniqueFd fd, const rp::Address& peer) {
                        return std::make_unique<Echo>(std::move(fd), peer);
                      });

  auto first =
      std::make_unique<Client>(here, "first client", [&] { reactor.stop(); });
  Client& silent = *first;
  auto second = std::make_unique<Client>(here, "second client",
                                         [&] { silent.send("hello again"); });
  Client& talking = *second;
  reactor.add(std::move(first), rp::Interest::reading());
  reactor.add(std::move(second), rp::Interest::reading());
  talking.send("hello");
  reactor.run();
}
