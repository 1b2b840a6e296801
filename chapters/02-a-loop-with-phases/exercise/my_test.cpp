#include <gtest/gtest.h>

#include <stdexcept>

#include "reactor/tick_trace.h"

namespace rp {
namespace {

// Exercise 2.5: hand parse_trace_event() a line that it must refuse, because
// something follows the last of its seven fields.
TEST(MyTest, ALineWithSomethingBehindItsEnd) {
  EXPECT_NO_THROW(parse_trace_event("12 3 timers loop timer 17 9"));
}

}  // namespace
}  // namespace rp
