#include <sys/socket.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string_view>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "reactor/socket.h"
#include "reactor/tick_trace.h"

// Three handles, five looks. Which of them shows as what? Write down what
// this prints before you run it; the id in the trace is the handle's number.
//
//     what_shows          asks epoll
//     what_shows select   asks select, and prints the same

using rp::Interest;
using rp::UniqueFd;

struct Pair {
  Pair() {
    int ends[2];
    constexpr int kind = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    if (::socketpair(AF_UNIX, kind, 0, ends) != 0) rp::throw_errno("pair");
    ours.reset(ends[0]);
    peer.reset(ends[1]);
  }

  UniqueFd ours;
  UniqueFd peer;
};

static std::unique_ptr<rp::Poller> poller;
static rp::Interest asked_of[4];
static std::uint64_t tick = 0;

static void watch(const Pair& pair, std::uint32_t number, Interest interest) {
  poller->add(pair.ours.get(), {number, 1}, interest);
  asked_of[number] = interest;
}

static void change(const Pair& pair, std::uint32_t number, Interest interest) {
  poller->modify(pair.ours.get(), {number, 1}, interest);
  asked_of[number] = interest;
}

static void look() {
  static rp::TickTrace trace = rp::TickTrace::to(std::cout);
  std::vector<rp::Ready> ready;
  poller->wait(rp::Duration::zero(), ready);
  std::sort(ready.begin(), ready.end(),
            [](const auto& a, const auto& b) { return a.id.slot < b.id.slot; });
  ++tick;
  const auto record = [](const char* what, std::uint32_t number) {
    trace.record(
        {.tick = tick, .phase = "handles", .what = what, .id = number});
  };
  for (const rp::Ready& handle : ready) {
    const std::uint32_t number = handle.id.slot;
    const Interest asked = asked_of[number];
    if (handle.readable && asked.read) record("read", number);
    if (handle.writable && asked.write) record("write", number);
  }
}

static void read_one_byte(const Pair& pair) {
  char byte;
  if (::recv(pair.ours.get(), &byte, 1, 0) < 0) rp::throw_errno("recv");
}

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "select") {
    poller = std::make_unique<rp::SelectPoller>();
  } else {
    poller = std::make_unique<rp::EpollPoller>();
  }
  Pair one, two, three;
  watch(one, 1, Interest::reading());
  watch(two, 2, Interest::writing());
  watch(three, 3, {true, true});
  look();
  ::send(one.peer.get(), "xy", 2, MSG_NOSIGNAL);
  change(two, 2, Interest::reading());
  change(three, 3, Interest::reading());
  look();
  read_one_byte(one);
  two.peer.reset();
  look();
  read_one_byte(one);
  ::send(three.peer.get(), "z", 1, MSG_NOSIGNAL);
  ::shutdown(three.peer.get(), SHUT_WR);
  look();
  poller->remove(two.ours.get());
  read_one_byte(three);
  look();
}
