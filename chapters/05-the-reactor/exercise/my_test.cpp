#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reactor/reactor.h"

namespace rp {
namespace {

// Exercise 5.5: a task that runs at the end of a phase puts off another one.
// Say in which two phases the two run.
TEST(MyTest, ATaskOfATaskRunsAtTheEndOfTheNextPhase) {
  Reactor reactor;
  std::vector<std::string> phases;
  TickTrace trace([&phases](const TraceEvent& event) {
    if (event.what == "phase-end") phases.emplace_back(event.phase);
  });
  reactor.set_trace(&trace);
  reactor.run(
      [&reactor] { reactor.at_phase_end([&reactor] { reactor.stop(); }); });
  EXPECT_EQ(phases, (std::vector<std::string>{"timers"}));
}

}  // namespace
}  // namespace rp
