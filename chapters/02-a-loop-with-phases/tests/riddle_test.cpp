#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/support/program.h"

namespace rp {
namespace {

// What the riddle prints below the line that begins with `title`: of a trace
// its tick, phase and what, anything else as it is.
std::string told(const std::string& title) {
  std::istringstream output(Program("riddle").rest());
  std::string line;
  std::string told;
  bool below = false;
  while (std::getline(output, line)) {
    if (line.starts_with("-- ")) {
      below = line == "-- " + title;
      continue;
    }
    std::istringstream words(line);
    std::string time, tick, phase, lane, what;
    words >> time >> tick >> phase >> lane >> what;
    if (!below) continue;
    told += what.empty() ? line : tick.append(" " + phase + " " + what);
    told += '\n';
  }
  return told;
}

TEST(Riddle, SaysNothingWhenStopComesBeforeTheFirstTick) {
  EXPECT_EQ(told("stop comes before the first tick"), "1 stop? check\n");
}

TEST(Riddle, RunsAPhaseThatHasBegunToItsEnd) {
  EXPECT_NE(told("the first of two timers stops the loop")
                .find("1 timers timer\n1 timers timer\nHello world\n"),
            std::string::npos);
}

TEST(Riddle, ServesNoHandlesOnceATimerHasStoppedIt) {
  EXPECT_EQ(told("the first of two timers stops the loop"),
            "1 stop? check\n1 timers begin\n1 timers timer\n1 timers timer\n"
            "Hello world\n1 stop? check\n");
}

TEST(Riddle, LetsATimerSetByATimerWaitForTheNextTick) {
  EXPECT_EQ(told("a timer sets a timer, which stops the loop"),
            "1 stop? check\n1 timers begin\n1 timers timer\n1 stop? check\n"
            "1 handles begin\n1 stop? check\n1 dead begin\n"
            "2 stop? check\n2 timers begin\n2 timers timer\n2 stop? check\n");
}

}  // namespace
}  // namespace rp
