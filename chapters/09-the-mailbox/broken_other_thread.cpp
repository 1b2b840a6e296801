#include <chrono>
#include <cstdio>
#include <thread>

#include "reactor/reactor.h"

// A worker is done and stops the loop itself. Without a check the flag would
// be set while the loop sleeps, and on another day while it reads it. The
// reactor ends the program instead, and says what to do.
//
// Promise: dies of SIGABRT

int main() {
  rp::Reactor reactor;
  std::thread worker([&reactor] { reactor.stop(); });
  reactor.run_every(std::chrono::milliseconds(10), [] {});
  reactor.run();
  worker.join();
  std::puts("stopped");
}
