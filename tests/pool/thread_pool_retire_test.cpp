#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "pool/thread_pool.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Fates = std::vector<Fate>;

// A stuck worker outlives its test's pool: it holds what it waits for.
struct Stuck {
  std::atomic<std::size_t> count = 0;
  std::latch release{1};
};

class ThreadPoolRetire : public testing::TestWithParam<std::size_t> {
 protected:
  ~ThreadPoolRetire() override {
    if (!stuck->release.try_wait()) stuck->release.count_down();
  }

  std::size_t workers() const { return GetParam(); }

  void make(std::size_t retired) {
    pool = std::make_unique<ThreadPool>(
        reactor, ThreadPool::Options{.workers = workers(), .retired = retired});
  }

  JobId submit(Function<void(std::stop_token)> work) {
    return pool->submit(
        {.work = std::move(work),
         .settled = [this](Settled end) { fates.push_back(end.fate); }});
  }

  // So many jobs run and do not heed their tokens.
  std::vector<JobId> hang(std::size_t count) {
    std::vector<JobId> ids;
    const std::size_t wanted = stuck->count + count;
    for (std::size_t i = 0; i < count; ++i) {
      ids.push_back(submit([stuck = stuck](std::stop_token) {
        ++stuck->count;
        stuck->release.wait();
      }));
    }
    EXPECT_TRUE(run_until(reactor, [&] { return stuck->count == wanted; }));
    return ids;
  }

  void abandon(const std::vector<JobId>& ids) {
    for (const JobId id : ids) pool->abandon(id);
  }

  bool release_all() {
    stuck->release.count_down();
    return run_until(reactor, [&] { return pool->stats().stuck == 0; });
  }

  bool run_until_settled(std::size_t count) {
    return run_until(reactor, [&] { return fates.size() == count; });
  }

  static void nothing(std::stop_token) {}

  std::shared_ptr<Stuck> stuck = std::make_shared<Stuck>();
  Reactor reactor;
  Fates fates;
  std::unique_ptr<ThreadPool> pool;
};

TEST_P(ThreadPoolRetire, ReplacesTheWorkerOfAnAbandonedJob) {
  make(workers());
  abandon(hang(workers()));
  EXPECT_EQ(pool->stats().workers, workers());
  EXPECT_EQ(pool->stats().stuck, workers());
  std::latch all_run{static_cast<std::ptrdiff_t>(workers())};
  for (std::size_t i = 0; i < workers(); ++i) {
    submit([&](std::stop_token) { all_run.arrive_and_wait(); });
  }
  ASSERT_TRUE(run_until_settled(2 * workers()));
  Fates expected(workers(), Fate::dropped);
  expected.resize(2 * workers(), Fate::finished);
  EXPECT_EQ(fates, expected);
  EXPECT_TRUE(release_all());
}

TEST_P(ThreadPoolRetire, DropsTheLateEndOfAnAbandonedJob) {
  make(workers());
  abandon(hang(workers()));
  ASSERT_TRUE(run_until_settled(workers()));
  ASSERT_TRUE(release_all());
  submit(nothing);
  ASSERT_TRUE(run_until_settled(workers() + 1));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::dropped),
            static_cast<std::ptrdiff_t>(workers()));
  EXPECT_EQ(pool->stats().workers, workers());
}

TEST_P(ThreadPoolRetire, ReplacesNoMoreThanItsBound) {
  make(0);
  abandon({hang(workers()).front()});
  EXPECT_EQ(pool->stats().workers, workers() - 1);
  EXPECT_TRUE(release_all());
  EXPECT_EQ(pool->stats().workers, workers()) << "the one returned";
}

TEST_P(ThreadPoolRetire, TheOthersGoOnWhenOneIsNotReplaced) {
  make(0);
  pool->resize(workers() + 1);
  abandon(hang(workers()));
  EXPECT_EQ(pool->stats().workers, 1u);
  submit(nothing);
  ASSERT_TRUE(run_until_settled(workers() + 1));
  EXPECT_EQ(fates.back(), Fate::finished);
  EXPECT_TRUE(release_all());
}

TEST_P(ThreadPoolRetire, RefusesEveryJobWhenNoWorkerIsLeft) {
  make(1);
  const std::vector<JobId> first = hang(1);
  abandon(first);
  const std::vector<JobId> rest = hang(workers());
  submit(nothing);
  abandon(rest);
  EXPECT_EQ(pool->stats().workers, 0u);
  EXPECT_EQ(pool->stats().waiting, 0u) << "what waited is refused";
  submit(nothing);
  ASSERT_TRUE(run_until_settled(workers() + 3));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::refused), 2);
  ASSERT_TRUE(release_all());
  EXPECT_EQ(pool->stats().workers, workers());
  submit(nothing);
  ASSERT_TRUE(run_until_settled(workers() + 4));
  EXPECT_EQ(fates.back(), Fate::finished) << "it takes jobs again";
}

TEST_P(ThreadPoolRetire, AnAbandonedJobThatWaitsIsOnlyTakenOut) {
  make(workers());
  hang(workers());
  pool->abandon(submit(nothing));
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(fates.front(), Fate::dropped);
  EXPECT_EQ(pool->stats().stuck, 0u);
  stuck->release.count_down();
  EXPECT_TRUE(run_until_settled(workers() + 1));
}

TEST_P(ThreadPoolRetire, AbandonKnowsNoJobThatIsSettled) {
  make(workers());
  const JobId id = submit(nothing);
  ASSERT_TRUE(run_until_settled(1));
  pool->abandon(id);
  EXPECT_EQ(pool->stats().stuck, 0u);
  EXPECT_EQ(pool->stats().settled[static_cast<int>(Fate::dropped)], 0u);
}

INSTANTIATE_TEST_SUITE_P(Workers, ThreadPoolRetire,
                         testing::Values(1, 2, 8, 64), [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

}  // namespace
}  // namespace rp
