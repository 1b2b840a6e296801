#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include "reactor/socket.h"

// One client that says nothing is enough: the server waits for it, and the
// second client, which has asked, waits for the server. It would wait for
// ever; this program gives up after half a second and exits with 1.
//
// Promise: never prints "second client: answered"

using rp::UniqueFd;

static void serve_one_after_another(int listening) {
  for (;;) {
    const UniqueFd peer = rp::accept_from(listening, nullptr);
    if (!peer) rp::throw_errno("accept");
    rp::set_blocking(peer.get(), true);
    char bytes[4096];
    ssize_t size = 0;
    while ((size = ::recv(peer.get(), bytes, sizeof bytes, 0)) > 0) {
      ::send(peer.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    }
  }
}

int main() {
  const UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  rp::set_blocking(listening.get(), true);
  const rp::Address here = rp::local_address(listening.get());
  std::thread(serve_one_after_another, listening.get()).detach();

  const UniqueFd silent = rp::connect_blocking(here);
  std::puts("first client: connected, says nothing");
  const UniqueFd second = rp::connect_blocking(here);
  ::send(second.get(), "hello", 5, MSG_NOSIGNAL);
  std::puts("second client: connected, says hello");

  pollfd answer{second.get(), POLLIN, 0};
  const bool answered = ::poll(&answer, 1, 500) > 0;
  if (answered) std::puts("second client: answered");
  std::fflush(stdout);
  // The server's thread is stuck in recv() and can only be left behind.
  ::_exit(answered ? EXIT_SUCCESS : EXIT_FAILURE);
}
