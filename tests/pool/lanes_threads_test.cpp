#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pool/lanes.h"
#include "pool/thread_pool.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

// Slow jobs may have all of the real workers but one.
class LanesThreads : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t slow_workers() const { return GetParam(); }

  JobId submit(std::string kind, Function<void()> work) {
    return lanes.submit(
        {.work = [work = std::move(work)](std::stop_token) mutable { work(); },
         .settled = [this](Settled end) { fates.push_back(end.fate); },
         .kind = std::move(kind)});
  }

  bool run_until_settled(std::size_t count) {
    return run_until(reactor, [=, this] { return fates.size() == count; });
  }

  Reactor reactor;
  ThreadPool pool{reactor, {.workers = GetParam() + 1}};
  Lanes lanes{reactor, pool, {{"slow", {.workers = slow_workers()}}}};
  std::vector<Fate> fates;
};

INSTANTIATE_TEST_SUITE_P(Workers, LanesThreads, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "InTheLane";
                         });

TEST_P(LanesThreads, NoMoreOfAKindRunAtATimeThanItMayHave) {
  std::atomic<std::size_t> now = 0;
  std::atomic<std::size_t> most = 0;
  for (int i = 0; i < 500; ++i) {
    submit("slow", [&] {
      const std::size_t here = ++now;
      std::size_t seen = most;
      while (seen < here && !most.compare_exchange_weak(seen, here)) {
      }
      --now;
    });
  }
  ASSERT_TRUE(run_until_settled(500));
  EXPECT_LE(most, slow_workers());
  EXPECT_GE(most, 1u);
}

// They all meet: the lane has as many workers as it may.
TEST_P(LanesThreads, AsManyOfAKindRunAtATimeAsItMayHave) {
  std::latch met{static_cast<std::ptrdiff_t>(slow_workers())};
  for (std::size_t i = 0; i < slow_workers(); ++i) {
    submit("slow", [&] { met.arrive_and_wait(); });
  }
  EXPECT_TRUE(run_until_settled(slow_workers()));
}

TEST_P(LanesThreads, OthersAreServedWhileASlowKindFillsItsLane) {
  std::latch release{1};
  for (std::size_t i = 0; i < 2 * slow_workers(); ++i) {
    submit("slow", [&] { release.wait(); });
  }
  for (int i = 0; i < 100; ++i) submit("quick", [] {});
  EXPECT_TRUE(run_until_settled(100));
  EXPECT_EQ(lanes.stats("slow").running, slow_workers());
  release.count_down();
  EXPECT_TRUE(run_until_settled(100 + 2 * slow_workers()));
}

// A retired worker is nobody's any more.
TEST_P(LanesThreads, AStuckKindGetsItsPlaceInTheLaneBack) {
  const auto release = std::make_shared<std::latch>(1);
  std::atomic<std::size_t> stuck = 0;
  std::vector<JobId> ids;
  for (std::size_t i = 0; i < slow_workers(); ++i) {
    ids.push_back(submit("slow", [&stuck, release] {
      ++stuck;
      release->wait();
    }));
  }
  ASSERT_TRUE(run_until(reactor, [&] { return stuck == slow_workers(); }));
  submit("slow", [] {});
  EXPECT_EQ(lanes.stats("slow").waiting, 1u);
  for (const JobId id : ids) lanes.abandon(id);
  EXPECT_TRUE(run_until_settled(slow_workers() + 1));
  EXPECT_EQ(fates.back(), Fate::finished);
  release->count_down();
  EXPECT_TRUE(run_until(reactor, [&] { return pool.stats().stuck == 0; }));
}

}  // namespace
}  // namespace rp
