#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "tests/support/connected.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// One connection on a reactor, on both pollers, in a time that is ours.
class MyConnection : public OneConnection {};

RP_ON_BOTH_POLLERS(MyConnection);

// Exercise 6.5: there are several ways to an end, and one of them is told
// twice. This one, the peer's, is not.
TEST_P(MyConnection, IsToldItsEndOnce) {
  connect();
  after(1ms, [this] { peer_.reset(); });
  run_for(2ms);
  EXPECT_EQ(record_.closed, std::vector<CloseReason>{CloseReason::peer});
}

}  // namespace
}  // namespace rp
