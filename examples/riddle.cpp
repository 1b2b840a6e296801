// EventMachine's riddle: a timer of zero seconds is set, and the loop is
// stopped before it has begun. Does anybody say hello?

#include <chrono>
#include <iostream>

#include "examples/flags.h"
#include "examples/poller_flag.h"
#include "reactor/reactor.h"
#include "reactor/tick_trace.h"

namespace rp {
namespace {

int solve(const Flags& given) {
  Reactor reactor(chosen_poller(given));
  TickTrace trace = TickTrace::to(std::cout);
  if (given.has("trace")) reactor.set_trace(&trace);
  reactor.run([&reactor] {
    std::cout << "starting\n";
    reactor.run_after(std::chrono::seconds(0),
                      [] { std::cout << "Hello world\n"; });
    reactor.stop();
    std::cout << "stopping\n";
  });
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("riddle", "Sets a timer of 0 s and stops the loop.");
  flags.toggle("trace", "print: time tick phase lane what id length");
  rp::declare_poller(flags);
  return rp::run_program(flags, argc, argv, rp::solve);
}
