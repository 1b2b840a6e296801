#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reactor/mailbox.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// A mailbox on a reactor, on both pollers, in a time that is ours.
class MyMailbox : public OnBothPollers {
 protected:
  Mailbox mailbox_{reactor_};
};

RP_ON_BOTH_POLLERS(MyMailbox);

// Exercise 9.5: these two tasks run in one tick, and may. What is posted by a
// task may not: let something come in between that would be late.
TEST_P(MyMailbox, LetsATimerRunBetweenATaskAndItsTask) {
  mailbox_.post([this] { log_.push_back("task"); });
  mailbox_.post([this] { log_.push_back("next task"); });
  run_for(1ms);
  EXPECT_EQ(log_, (std::vector<std::string>{"task", "next task"}));
}

}  // namespace
}  // namespace rp
