#include <gtest/gtest.h>

#include <string>

#include "tests/support/program.h"

namespace rp {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(FirstDraft, AnswersTheSecondClientWhileTheFirstIsSilent) {
  EXPECT_TRUE(holds(Program("draft_1").rest(), "client 2 is answered: hello"));
}

TEST(SecondDraft, ClosesInTheThirdPhaseWhatLeftInTheSecond) {
  EXPECT_TRUE(holds(Program("draft_2").rest(),
                    "22 3 handles loop read 2 0\n"
                    "23 3 stop? loop check 0 0\n"
                    "24 3 dead loop begin 0 0\n"
                    "25 3 dead loop closed 2 0\n"));
}

TEST(SecondDraft, LeavesBetweenTheTimersAndTheHandlesWhenATimerStopsIt) {
  EXPECT_TRUE(Program("draft_2").rest().ends_with(
      "28 4 timers loop timer 0 0\n29 4 stop? loop check 0 0\n"));
}

}  // namespace
}  // namespace rp
