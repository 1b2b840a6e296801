#include "examples/losses.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

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

TEST(Losses, OfProcessesLeaveOutWhatHasNotHappened) {
  EXPECT_EQ(losses_between(Processes{}, Processes{.started = 1}),
            "child processes: 1 started in place of those that ended");
  EXPECT_EQ(losses_between(Processes{}, Processes{.killed = 1}),
            "child processes: 1 killed");
}

TEST(Losses, AreSilentAboutWhatStaysAndWhatOnlyWorks) {
  EXPECT_EQ(losses_between(Pool{.workers = 1, .stuck = 2},
                           Pool{.workers = 1, .running = 1, .stuck = 2}),
            "");
  EXPECT_EQ(losses_between(Processes{.started = 2},
                           Processes{.running = 1, .started = 2}),
            "");
}

// A log on a full disk.
class FullLog {
 public:
  void lose(const std::string& lines, std::uint64_t in_all) {
    log_.write(lines);
    while (log_.lost() < in_all) std::this_thread::yield();
  }

  LogLosses losses() const { return LogLosses(log_); }

 private:
  LineLog log_{UniqueFd(::open("/dev/full", O_WRONLY | O_CLOEXEC)), {}};
};

TEST(Losses, OfALogAreToldWhenTheyBeginAndWhenTheyHaveStopped) {
  FullLog log;
  LogLosses losses = log.losses();
  EXPECT_EQ(losses.look(), "");
  log.lose("a\nb\n", 2);
  EXPECT_EQ(losses.look(), "log: 2 lines lost: No space left on device");
  log.lose("c\n", 3);
  EXPECT_EQ(losses.look(), "") << "it goes on";
  EXPECT_EQ(losses.look(), "log: 1 line lost: No space left on device");
  EXPECT_EQ(losses.look(), "");
}

TEST(Losses, OfALogAtTheEndAreThoseNotToldBefore) {
  FullLog log;
  LogLosses losses = log.losses();
  log.lose("a\n", 1);
  losses.look();
  log.lose("b\nc\n", 3);
  EXPECT_EQ(losses.look(), "");
  EXPECT_EQ(losses.rest(), "log: 2 lines lost: No space left on device");
  EXPECT_EQ(losses.rest(), "");
}

}  // namespace
}  // namespace rp
