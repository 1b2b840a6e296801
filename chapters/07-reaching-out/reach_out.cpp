#include <chrono>
#include <cstdio>
#include <utility>

#include "reactor/connector.h"
#include "reactor/socket.h"

// Two addresses, of which the first refuses; and then none that answers.

using rp::Connector;
using rp::ConnectResult;

int main() {
  const std::chrono::seconds limit(10);
  const rp::UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const rp::Address answers = rp::local_address(listening.get());
  rp::Address refuses;
  {
    const rp::UniqueFd gone = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
    refuses = rp::local_address(gone.get());
  }

  rp::Reactor reactor;
  Connector::start(reactor, {refuses, answers}, limit, [&](ConnectResult one) {
    const bool second = one.peer.port() == answers.port();
    std::printf("the %s address answers\n", second ? "second" : "first");
    Connector::start(reactor, {refuses}, limit, [&](ConnectResult other) {
      std::printf("nobody there: %s\n", other.error.message().c_str());
      reactor.stop();
    });
  });
  std::printf("connecting\n");
  reactor.run();
}
