#include "pool/executor.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(Fate, HasAName) {
  EXPECT_EQ(to_string(Fate::finished), "finished");
  EXPECT_EQ(to_string(Fate::failed), "failed");
  EXPECT_EQ(to_string(Fate::expired), "expired");
  EXPECT_EQ(to_string(Fate::refused), "refused");
  EXPECT_EQ(to_string(Fate::dropped), "dropped");
}

}  // namespace
}  // namespace rp
