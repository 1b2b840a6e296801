#include <sys/socket.h>

#include <cstdio>
#include <string>
#include <thread>

#include "reactor/socket.h"

// A client that asks for much before it reads anything. The server sends its
// answers, nobody reads them, the buffers between the two fill up, and its
// send() waits for the client, whose send() waits for the server.
//
// Promise: does not end within 1 s

using rp::UniqueFd;

static void echo(int fd) {
  char bytes[4096];
  ssize_t size = 0;
  while ((size = ::recv(fd, bytes, sizeof bytes, 0)) > 0) {
    ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  }
}

int main() {
  const UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const UniqueFd client =
      rp::connect_blocking(rp::local_address(listening.get()));
  const UniqueFd peer = rp::accept_from(listening.get(), nullptr);
  rp::set_blocking(peer.get(), true);
  std::thread server(echo, peer.get());

  const std::string question(64 << 20, '?');
  std::printf("client: sends %zu bytes, then reads\n", question.size());
  std::fflush(stdout);
  ::send(client.get(), question.data(), question.size(), MSG_NOSIGNAL);
  std::puts("client: has sent them");
  ::shutdown(client.get(), SHUT_RDWR);
  server.join();
}
