#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "reactor/socket.h"
#include "reactor/tick_trace.h"

// Twenty clients have asked before the loop looks. Both pollers find all
// twenty in one wait, and served in the order in which they registered, they
// leave the same trace.

using rp::HandleId;
using rp::Ready;
using rp::UniqueFd;

constexpr std::uint32_t kClients = 20;

struct Clients {
  Clients() {
    const UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
    for (std::uint32_t i = 0; i < kClients; ++i) {
      clients.push_back(
          rp::connect_blocking(rp::local_address(listening.get())));
      served.push_back(rp::accept_from(listening.get(), nullptr));
      ::send(clients[i].get(), "hello", 5, MSG_NOSIGNAL);
    }
  }

  std::vector<UniqueFd> clients;
  std::vector<UniqueFd> served;  // the slot of a handle is its place here
};

static std::uint64_t echo(int fd) {
  char bytes[4096];
  const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
  if (size < 0) rp::throw_errno("recv");
  ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  return static_cast<std::uint64_t>(size);
}

static std::string serve_once(rp::Poller& poller) {
  const Clients all;
  for (std::uint32_t i = 0; i < kClients; ++i) {
    poller.add(all.served[i].get(), {i, 1}, rp::Interest::reading());
  }
  std::vector<Ready> ready;
  poller.wait(std::nullopt, ready);
  std::sort(ready.begin(), ready.end(), [](const Ready& a, const Ready& b) {
    return a.id.slot < b.id.slot;
  });
  std::ostringstream lines;
  rp::TickTrace trace = rp::TickTrace::to(lines);
  for (const Ready& handle : ready) {
    echo(all.served[handle.id.slot].get());
    trace.record({.tick = 1,
                  .phase = "handles",
                  .what = handle.readable ? "read" : "write",
                  .id = handle.id.slot});
  }
  for (const UniqueFd& fd : all.served) poller.remove(fd.get());
  return lines.str();
}

int main() {
  rp::SelectPoller select;
  rp::EpollPoller epoll;
  const std::string by_select = serve_once(select);
  const std::string by_epoll = serve_once(epoll);
  std::cout << "-- select\n" << by_select << "-- epoll\n" << by_epoll;
  std::cout << (by_select == by_epoll ? "the same\n" : "they differ\n");
  return by_select == by_epoll ? 0 : 1;
}
