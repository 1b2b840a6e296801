#include <csignal>
#include <cstdio>
#include <string>

#include "pool/reactor_pool.h"
#include "reactor/reactor.h"

// One job of two is bad. A thread has nothing of its own that a crash could
// take with it and leave the rest: all of the program goes.
//
// Promise: dies of SIGSEGV

namespace {

int measure(const std::string& text) {
  if (text == "crash") std::raise(SIGSEGV);
  return static_cast<int>(text.size());
}

}  // namespace

int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = 1}};
  pool.defer([] { return measure("crash"); },
             [](rp::Outcome<int> outcome) {
               std::printf("crash: %s\n", outcome.message().c_str());
             });
  pool.defer([] { return measure("hello"); },
             [&](rp::Outcome<int> outcome) {
               std::printf("hello: %d\n", outcome.value());
               reactor.stop();
             });
  reactor.run();
}
