#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reactor/reactor.h"

namespace rp {
namespace {

// What the block puts off runs at the end of the first phase, the timers; what
// that task puts off must wait for the handles to be served.
TEST(MyTest, ATaskOfATaskRunsAtTheEndOfTheNextPhase) {
  Reactor reactor;
  std::vector<std::string> phases;
  TickTrace trace([&phases](const TraceEvent& event) {
    if (event.what == "phase-end") phases.emplace_back(event.phase);
  });
  reactor.set_trace(&trace);
  reactor.run([&reactor] {
    reactor.at_phase_end(
        [&reactor] { reactor.at_phase_end([&reactor] { reactor.stop(); }); });
  });
  EXPECT_EQ(phases, (std::vector<std::string>{"timers", "handles"}));
}

}  // namespace
}  // namespace rp
