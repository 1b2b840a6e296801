#include <sys/select.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "reactor/socket.h"

// The loop, first draft: one thread asks select() which descriptors can be
// served, and serves those. With --port N it serves whoever comes; else two
// clients of its own, the first of which is silent.

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

// False when the peer has left. That nothing has come yet is no reason.
static bool echo(int fd) {
  char bytes[4096];
  const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
  if (size <= 0) return size < 0 && errno == EAGAIN;
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

static void serve_two(Server& server, const rp::Address& here) {
  const UniqueFd silent = rp::connect_blocking(here);
  const UniqueFd second = rp::connect_blocking(here);
  ::send(second.get(), "hello", 5, MSG_NOSIGNAL);
  for (int ticks = 1; ticks <= 2; ++ticks) {
    std::printf("tick %d\n", ticks);
    tick(server);
  }
  char answer[5] = {};
  ::recv(second.get(), answer, sizeof answer, MSG_DONTWAIT);
  std::printf("client 2 is answered: %.5s\n", answer);
}

int main(int argc, char** argv) try {
  const std::string port = argc == 3 ? argv[2] : "0";
  Server server{rp::listen_on(rp::Address::parse("127.0.0.1:" + port)), {}};
  const rp::Address here = rp::local_address(server.listening.get());
  if (argc == 1) return serve_two(server, here), 0;
  std::printf("listening on tcp %s\n", here.to_string().c_str());
  std::fflush(stdout);
  for (;;) tick(server);
} catch (const std::exception& error) {
  std::fprintf(stderr, "draft_1: %s\n", error.what());
  return 1;
}
