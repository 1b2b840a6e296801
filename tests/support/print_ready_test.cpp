#include "tests/support/print_ready.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(PrintedReady, SaysSlotGenerationAndWhatItCanDo) {
  using testing::PrintToString;
  EXPECT_EQ(PrintToString(Ready{{7, 1}, true, false}), "7 read");
  EXPECT_EQ(PrintToString(Ready{{7, 3}, false, true}), "7.3 write");
  EXPECT_EQ(PrintToString(Ready{{0, 1}, true, true}), "0 read+write");
  EXPECT_EQ(PrintToString(Ready{{0, 1}, false, false}), "0 neither");
}

}  // namespace
}  // namespace rp
