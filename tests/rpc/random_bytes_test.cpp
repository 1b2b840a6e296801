#include "rpc/random_bytes.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(RandomBytes, AreAsManyAsWanted) {
  for (const std::size_t count : {0U, 1U, 16U, 256U}) {
    EXPECT_EQ(random_bytes(count).size(), count);
  }
}

TEST(RandomBytes, AreOthersEachTime) {
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

}  // namespace
}  // namespace rp
