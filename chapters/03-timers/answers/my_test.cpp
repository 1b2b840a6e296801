#include <gtest/gtest.h>

#include <vector>

#include "reactor/timer_queue.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Seven timers that lie in the heap just as they were added:
//
//              1
//         40       2
//       50  60   70  3
//
// Where 50 was, the last entry, 3, must climb above 40.
TEST(MyTest, TheLastEntryClimbsIntoTheGapOfACancelledOne) {
  TimerQueue timers;
  std::vector<int> fired;
  std::vector<TimerId> ids;
  for (const int due : {1, 40, 2, 50, 60, 70, 3}) {
    ids.push_back(timers.add(TimePoint{due * 1ms},
                             [&fired, due] { fired.push_back(due); }));
  }
  timers.cancel(ids[3]);
  timers.begin_pass(TimePoint{1s});
  while (timers.next_in_pass()) timers.run_next();
  EXPECT_EQ(fired, (std::vector<int>{1, 2, 3, 40, 60, 70}));
}

}  // namespace
}  // namespace rp
