#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "pool/batch.h"
#include "tests/support/fake_clock.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// The worker may be ahead of the caller by what is in the window, two tasks.
TEST(MyBatch, IsBoundByItsLimit) {
  FakeClock clock;
  Batch batch({.parallelism = 1, .on_error = OnError::keep_going, .limit = 5h},
              clock);
  const std::vector<int> tasks(100);
  batch.run(tasks, [&](int) { clock.advance(2h); });
  EXPECT_FALSE(batch.unfinished().empty());
}

}  // namespace
}  // namespace rp
