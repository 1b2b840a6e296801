#include <sys/socket.h>

#include <cstdio>
#include <vector>

#include "reactor/socket.h"

// The simpler thing: ask everybody, all the time. No descriptor blocks, so one
// thread can go round and round, without select(), interests or phases.

using rp::UniqueFd;

struct Round {
  int calls = 0;
  int answers = 0;
};

static Round go_round(const std::vector<UniqueFd>& peers) {
  Round round;
  for (const UniqueFd& peer : peers) {
    char bytes[4096];
    const ssize_t size = ::recv(peer.get(), bytes, sizeof bytes, 0);
    ++round.calls;
    if (size <= 0) continue;
    ::send(peer.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    ++round.answers;
  }
  return round;
}

int main() {
  const UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const rp::Address here = rp::local_address(listening.get());
  std::vector<UniqueFd> clients;
  std::vector<UniqueFd> peers;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(rp::connect_blocking(here));
    peers.push_back(rp::accept_from(listening.get(), nullptr));
  }
  ::send(clients.back().get(), "hello", 5, MSG_NOSIGNAL);
  for (const char* name : {"first", "second", "third"}) {
    const Round round = go_round(peers);
    std::printf("%s round: %d calls, answered: %d\n", name, round.calls,
                round.answers);
  }
}
