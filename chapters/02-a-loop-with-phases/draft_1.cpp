#include <sys/select.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "reactor/socket.h"

// The loop, first draft: one thread asks select() which descriptors can be
// served, and serves those. The silent client of chapter 1 is still silent,
// and the second one is answered at once.

using rp::UniqueFd;

struct Server {
  UniqueFd listening;
  std::vector<UniqueFd> peers;
};

static void accept_all(Server& server) {
  while (UniqueFd peer = rp::accept_from(server.listening.get(), nullptr)) {
    server.peers.push_back(std::move(peer));
    std::printf("  accepted client %zu\n", server.peers.size());
  }
}

// False when the peer has left.
static bool echo(int fd) {
  char bytes[4096];
  const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  return ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) > 0;
}

static void tick(Server& server) {
  fd_set readable;
  FD_ZERO(&readable);
  int highest = server.listening.get();
  FD_SET(highest, &readable);
  for (const UniqueFd& peer : server.peers) {
    FD_SET(peer.get(), &readable);
    highest = std::max(highest, peer.get());
  }
  if (::select(highest + 1, &readable, nullptr, nullptr, nullptr) < 0) {
    rp::throw_errno("select");
  }
  std::erase_if(server.peers, [&readable](const UniqueFd& peer) {
    return FD_ISSET(peer.get(), &readable) && !echo(peer.get());
  });
  if (FD_ISSET(server.listening.get(), &readable)) accept_all(server);
}

int main() {
  Server server{rp::listen_on(rp::Address::parse("127.0.0.1:0")), {}};
  const rp::Address here = rp::local_address(server.listening.get());
  const UniqueFd silent = rp::connect_blocking(here);
  const UniqueFd second = rp::connect_blocking(here);
  ::send(second.get(), "hello", 5, MSG_NOSIGNAL);

  rp::set_blocking(second.get(), false);
  char answer[5];
  for (int ticks = 1; ticks <= 10; ++ticks) {
    std::printf("tick %d\n", ticks);
    tick(server);
    if (::recv(second.get(), answer, sizeof answer, 0) == sizeof answer) {
      std::printf("  client 2 is answered: %s\n",
                  std::string(answer, sizeof answer).c_str());
      return 0;
    }
  }
  return 1;
}
