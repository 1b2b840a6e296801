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

TEST_P(MyConnection, IsToldItsEndOnce) {
  limits_.idle = 10s;
  connect();
  run_for(11s);
  EXPECT_EQ(record_.closed, std::vector<CloseReason>{CloseReason::idle});
}

}  // namespace
}  // namespace rp
