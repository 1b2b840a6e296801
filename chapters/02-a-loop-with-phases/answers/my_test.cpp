#include <gtest/gtest.h>

#include <stdexcept>

#include "reactor/tick_trace.h"

namespace rp {
namespace {

TEST(MyTest, ALineWithSomethingBehindItsEndIsRefused) {
  EXPECT_THROW(parse_trace_event("12 3 timers loop timer 17 9 8"),
               std::invalid_argument);
}

}  // namespace
}  // namespace rp
