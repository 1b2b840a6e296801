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

// What a task sets in motion, a timer, must not wait for all the tasks that
// tasks post.
TEST_P(MyMailbox, LetsATimerRunBetweenATaskAndItsTask) {
  mailbox_.post([this] {
    reactor_.run_after(0s, [this] { log_.push_back("timer"); });
    mailbox_.post([this] { log_.push_back("its task"); });
  });
  run_for(1ms);
  EXPECT_EQ(log_, (std::vector<std::string>{"timer", "its task"}));
}

}  // namespace
}  // namespace rp
