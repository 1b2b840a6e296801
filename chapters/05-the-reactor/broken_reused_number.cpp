#include <sys/socket.h>

#include <cstdio>
#include <map>
#include <optional>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/socket.h"

// A loop that knows its clients by their descriptors. Ada and Bob are ready
// in one wait; Ada has Bob thrown out, and Eve, who waited at the door,
// gets his number, and with it the event that was his.
//
// Promise: never prints "eve: answered"

using rp::UniqueFd;

struct Server {
  UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  rp::EpollPoller poller;
  std::map<int, UniqueFd> clients;

  int take() {
    UniqueFd fd = rp::accept_from(listening.get(), nullptr);
    const int number = fd.get();
    const rp::HandleId id{static_cast<std::uint32_t>(number), 1};
    poller.add(number, id, rp::Interest::reading());
    clients[number] = std::move(fd);
    return number;
  }

  void throw_out(int number) {
    poller.remove(number);
    clients.erase(number);
  }

  // What is ready can be read without waiting; nothing to read is the end.
  void serve(int number, int bob) {
    char bytes[64];
    const ssize_t size = ::recv(number, bytes, sizeof bytes, 0);
    if (size <= 0) return throw_out(number);
    if (bytes[0] == 'k') {
      throw_out(bob);
      const int came = take();
      std::printf("bob was number %d, eve is number %d\n", bob, came);
    }
    ::send(number, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  }
};

int main() {
  Server server;
  const rp::Address here = rp::local_address(server.listening.get());
  const UniqueFd ada = rp::connect_blocking(here);
  server.take();
  const UniqueFd bob = rp::connect_blocking(here);
  const int bobs = server.take();
  ::send(ada.get(), "kick bob", 8, MSG_NOSIGNAL);
  ::send(bob.get(), "hello", 5, MSG_NOSIGNAL);
  const UniqueFd eve = rp::connect_blocking(here);

  std::vector<rp::Ready> ready;
  for (int ticks = 0; ticks < 2; ++ticks) {
    server.poller.wait(std::optional<rp::Duration>(0), ready);
    for (const rp::Ready& handle : ready) {
      server.serve(static_cast<int>(handle.id.slot), bobs);
    }
    ::send(eve.get(), "hello", 5, MSG_NOSIGNAL);
  }
  char answer[64];
  const bool answered = ::recv(eve.get(), answer, sizeof answer, 0) > 0;
  std::puts(answered ? "eve: answered" : "eve: thrown out, for nothing");
}
