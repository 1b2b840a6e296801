#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "pool/batch.h"
#include "tests/support/fake_clock.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Exercise 11.5: a task that never ends is given up at the bound, also by a
// batch whose bound begins anew with every outcome. This one has five tasks,
// each of which takes two hours; the bound is five. The worker may be ahead of
// who looks at the clock: what is true of one run need not be of the next.
TEST(MyBatch, IsBoundByItsLimit) {
  FakeClock clock;
  Batch batch({.parallelism = 1, .on_error = OnError::keep_going, .limit = 5h},
              clock);
  batch.run(std::vector{0, 1, 2, 3, 4}, [&](int) { clock.advance(2h); });
  EXPECT_LE(batch.unfinished().size(), 5u);
}

}  // namespace
}  // namespace rp
