#include <chrono>
#include <cstdio>

#include "reactor/reactor.h"
#include "reactor/socket.h"

// A callback reaches out with a connect that waits. The peer listens, and is
// too busy to accept: its queue is full. Until the kernel gives up, minutes
// later, no timer fires and nobody is served.
//
// Promise: does not end within 1 s

using namespace std::chrono_literals;

int main() {
  const rp::UniqueFd busy = rp::listen_on(rp::Address::parse("127.0.0.1:0"), 0);
  const rp::Address peer = rp::local_address(busy.get());
  const rp::UniqueFd queued = rp::connect_blocking(peer);

  rp::Reactor reactor;
  int beats = 0;
  reactor.run_every(20ms, [&] {
    std::printf("beat %d\n", ++beats);
    std::fflush(stdout);
    if (beats == 10) reactor.stop();
  });
  reactor.run_after(50ms, [&] {
    std::puts("reaching out");
    std::fflush(stdout);
    rp::connect_blocking(peer);
  });
  reactor.run();
}
