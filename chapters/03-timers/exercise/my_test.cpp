#include <gtest/gtest.h>

#include <vector>

#include "reactor/timer_queue.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Exercise 3.5: set timers and cancel one, so that they fire in the wrong
// order when the entry that fills its gap can only sink.
TEST(MyTest, TheLastEntryClimbsIntoTheGapOfACancelledOne) {
  TimerQueue timers;
  std::vector<int> fired;
  const TimerId id =
      timers.add(TimePoint{1ms}, [&fired] { fired.push_back(1); });
  timers.cancel(id);
  timers.begin_pass(TimePoint{1s});
  while (timers.next_in_pass()) timers.run_next();
  EXPECT_EQ(fired, (std::vector<int>{}));
}

}  // namespace
}  // namespace rp
