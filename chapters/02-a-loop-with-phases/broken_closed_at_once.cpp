#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "reactor/socket.h"

// A loop that closes as soon as it is told to. Ada and Bob have both sent
// something; Ada's wish is that Bob be thrown out and Cleo, who waits, let in.
// Cleo gets Bob's number, and then Bob's event.
//
// Promise: never prints "cleo: welcome"

using rp::UniqueFd;

struct Server {
  UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  std::vector<UniqueFd> peers;
};

static void accept_into(Server& server, std::size_t place) {
  server.peers[place] = rp::accept_from(server.listening.get(), nullptr);
}

static void serve(Server& server, std::size_t place) {
  char bytes[64];
  const int fd = server.peers[place].get();
  const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
  std::printf("server: reads from place %zu: %s\n", place,
              size > 0 ? std::string(bytes, std::size_t(size)).c_str()
                       : "nothing, so it closes");
  if (size <= 0) return server.peers[place].reset();
  if (place != 0) return;
  server.peers[1].reset();  // at once: the number is free again
  accept_into(server, 1);
  ::send(server.peers[1].get(), "welcome", 7, MSG_NOSIGNAL);
}

static void tick(Server& server) {
  fd_set readable;
  FD_ZERO(&readable);
  for (const UniqueFd& peer : server.peers) FD_SET(peer.get(), &readable);
  ::select(FD_SETSIZE, &readable, nullptr, nullptr, nullptr);
  for (std::size_t place = 0; place < server.peers.size(); ++place) {
    const int fd = server.peers[place].get();
    if (fd >= 0 && FD_ISSET(fd, &readable)) serve(server, place);
  }
}

int main() {
  Server server;
  const rp::Address here = rp::local_address(server.listening.get());
  const UniqueFd ada = rp::connect_blocking(here);
  const UniqueFd bob = rp::connect_blocking(here);
  const UniqueFd cleo = rp::connect_blocking(here);
  server.peers.resize(2);
  accept_into(server, 0);
  accept_into(server, 1);
  ::send(ada.get(), "bob out, cleo in", 16, MSG_NOSIGNAL);
  ::send(bob.get(), "hello", 5, MSG_NOSIGNAL);
  tick(server);

  char bytes[64];
  ::recv(cleo.get(), bytes, 7, MSG_WAITALL);
  const bool open = ::recv(cleo.get(), bytes, sizeof bytes, MSG_DONTWAIT) != 0;
  std::puts(open ? "cleo: welcome" : "cleo: let in, and thrown out");
}
