#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "reactor/connection.h"
#include "reactor/mailbox.h"
#include "reactor/socket.h"

// An echo server as in chapter 6, with one slow line: to answer it takes a
// while, and it is answered where all is answered, on the loop. Two clients
// have said something when the loop begins; the quick one comes second.
//
// Promise: never prints "the quick client did not wait"

using rp::UniqueFd;

class Echo : public rp::Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view line) override {
    if (line == "slow") {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    send(line);
  }
};

static UniqueFd client_of(rp::Reactor& reactor, std::string_view line) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    rp::throw_errno("socketpair");
  }
  UniqueFd client(ends[1]);
  ::send(client.get(), line.data(), line.size(), MSG_NOSIGNAL);
  rp::set_blocking(ends[0], false);
  reactor.add(std::make_unique<Echo>(UniqueFd(ends[0]), rp::Address()),
              rp::Interest::reading());
  return client;
}

int main() {
  rp::Reactor reactor;
  const UniqueFd slow = client_of(reactor, "slow");
  const UniqueFd quick = client_of(reactor, "quick");
  const rp::Mailbox loop(reactor);
  std::thread clients([&] {
    char bytes[8];
    ::recv(quick.get(), bytes, sizeof bytes, 0);
    // What has been answered before can be read now.
    const bool waited =
        ::recv(slow.get(), bytes, sizeof bytes, MSG_DONTWAIT) > 0;
    std::puts(waited ? "the quick client waited for the slow one"
                     : "the quick client did not wait");
    loop.post([&reactor] { reactor.stop(); });
  });
  reactor.run();
  clients.join();
}
