#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/support/sim_stream.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Exercise 8.5: bytes and an end travel in the same direction, and in order.
// This peer says so little that nobody sees whether they do.
TEST(MyNetwork, TellsTheEndBehindTheBytes) {
  SimStream stream;
  stream.peer.send("x");
  stream.peer.half_close();
  stream.run_for(1min);
  EXPECT_EQ(stream.record.received, "x");
}

}  // namespace
}  // namespace rp
