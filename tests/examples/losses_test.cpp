#include "examples/losses.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

using Pool = ThreadPool::Stats;
using Processes = ProcessWorkers::Stats;

TEST(Losses, OfThePoolAreTheWorkersThatAreStuck) {
  EXPECT_EQ(losses_between(Pool{.workers = 4}, Pool{.workers = 4, .stuck = 1}),
            "workers of the pool: 1 stuck in calls given up, 4 can work");
  EXPECT_EQ(losses_between(Pool{.workers = 4, .stuck = 1}, Pool{.workers = 4}),
            "workers of the pool: 0 stuck in calls given up, 4 can work");
}

TEST(Losses, AreTheRuinOfAPoolWithoutWorkers) {
  EXPECT_EQ(losses_between(Pool{.workers = 1, .stuck = 7}, Pool{.stuck = 8}),
            "workers of the pool: 8 stuck in calls given up, none is left, "
            "and all that needs one is refused");
}

TEST(Losses, OfProcessesAreThoseKilledAndReplacedSinceTheLastLook) {
  EXPECT_EQ(losses_between(Processes{.started = 3, .killed = 1},
                           Processes{.started = 6, .killed = 2}),
            "child processes: 1 killed, 3 started in place of those that "
            "ended");
}

TEST(Losses, AreSilentAboutWhatStaysAndWhatOnlyWorks) {
  EXPECT_EQ(losses_between(Pool{.workers = 1, .stuck = 2},
                           Pool{.workers = 1, .running = 1, .stuck = 2}),
            "");
  EXPECT_EQ(losses_between(Processes{.started = 2},
                           Processes{.running = 1, .started = 2}),
            "");
}

}  // namespace
}  // namespace rp
