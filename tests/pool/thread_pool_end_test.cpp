#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "pool/thread_pool.h"
#include "tests/support/no_threads.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Fates = std::vector<Fate>;

class ThreadPoolEnd : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t workers() const { return GetParam(); }

  JobId submit(Function<void(std::stop_token)> work) {
    return pool->submit(
        {.work = std::move(work),
         .settled = [this](Settled end) { fates.push_back(end.fate); }});
  }

  bool run_until_settled(std::size_t count) {
    return run_until(reactor, [&] { return fates.size() == count; });
  }

  // A job for each worker that returns when `release` is counted down.
  void occupy_all() {
    std::atomic<std::size_t> busy = 0;
    for (std::size_t i = 0; i < workers(); ++i) {
      submit([&busy, release = release](std::stop_token) {
        ++busy;
        release->wait();
      });
    }
    ASSERT_TRUE(run_until(reactor, [&] { return busy == workers(); }));
  }

  static void nothing(std::stop_token) {}

  std::shared_ptr<std::latch> release = std::make_shared<std::latch>(1);
  Fates fates;
  std::optional<Reactor> reactor_;
  Reactor& reactor = reactor_.emplace();
  std::unique_ptr<ThreadPool> pool = std::make_unique<ThreadPool>(
      reactor, ThreadPool::Options{.workers = GetParam()});
};

TEST_P(ThreadPoolEnd, FinishServesWhatIsQueuedAndWhatIsStaged) {
  occupy_all();
  for (int i = 0; i < 20; ++i) submit(nothing);
  ASSERT_TRUE(run_until(reactor, [] { return true; }));
  for (int i = 0; i < 20; ++i) submit(nothing);
  release->count_down();
  EXPECT_EQ(pool->finish(), 0u);
  ASSERT_TRUE(run_until_settled(workers() + 40));
  EXPECT_EQ(fates, Fates(workers() + 40, Fate::finished));
}

TEST_P(ThreadPoolEnd, RefusesEveryJobOnceItHasFinished) {
  pool->finish();
  submit(nothing);
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(fates.front(), Fate::refused);
  EXPECT_EQ(pool->stats().workers, 0u);
}

TEST_P(ThreadPoolEnd, FinishLeavesStuckWorkersAndCountsThem) {
  std::atomic<bool> runs = false;
  const JobId id = submit([&, release = release](std::stop_token) {
    runs = true;
    release->wait();
  });
  ASSERT_TRUE(run_until(reactor, [&] { return runs.load(); }));
  pool->abandon(id);
  EXPECT_EQ(pool->finish(), 1u);
  release->count_down();
  EXPECT_TRUE(run_until(reactor, [&] { return pool->stats().stuck == 0; }));
}

TEST_P(ThreadPoolEnd, DropSettlesWhatWaitsAndAsksWhatRuns) {
  std::atomic<std::size_t> busy = 0;
  for (std::size_t i = 0; i < workers(); ++i) {
    submit([&](std::stop_token token) {
      std::latch asked{1};
      std::stop_callback tell(token, [&] { asked.count_down(); });
      ++busy;
      asked.wait();
    });
  }
  ASSERT_TRUE(run_until(reactor, [&] { return busy == workers(); }));
  for (int i = 0; i < 5; ++i) submit(nothing);
  EXPECT_EQ(pool->drop(1h), 0u);
  ASSERT_TRUE(run_until_settled(workers() + 5));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::dropped), 5);
}

TEST_P(ThreadPoolEnd, DropGivesUpWhatDoesNotReturnWithinTheGrace) {
  occupy_all();
  EXPECT_EQ(pool->drop(1ms), workers());
  EXPECT_EQ(pool->stats().stuck, workers());
  ASSERT_TRUE(run_until_settled(workers()));
  EXPECT_EQ(fates, Fates(workers(), Fate::dropped));
  release->count_down();
  EXPECT_TRUE(run_until(reactor, [&] { return pool->stats().stuck == 0; }));
  EXPECT_EQ(fates.size(), workers()) << "late ends reach nobody";
}

TEST_P(ThreadPoolEnd, JobsThatOutliveThePoolAreSettledInTheNextRun) {
  occupy_all();
  submit([](std::stop_token) { throw 1; });
  submit(nothing);
  release->count_down();
  pool->finish();
  pool.reset();
  EXPECT_TRUE(fates.empty());
  ASSERT_TRUE(run_until_settled(workers() + 2));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::failed), 1);
}

TEST_P(ThreadPoolEnd, TheDestructorDropsWhatIsLeft) {
  occupy_all();
  submit(nothing);
  pool.reset();
  EXPECT_TRUE(fates.empty());
  release->count_down();
  ASSERT_TRUE(run_until_settled(workers() + 1));
  EXPECT_EQ(fates, Fates(workers() + 1, Fate::dropped));
}

TEST_P(ThreadPoolEnd, CallbacksOfADeadReactorAreDestroyedUncalled) {
  const auto held = std::make_shared<int>(1);
  pool->submit({.work = nothing, .settled = [this, held](Settled end) {
                  fates.push_back(end.fate);
                }});
  EXPECT_EQ(held.use_count(), 2);
  pool->finish();
  pool.reset();
  reactor_.reset();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_TRUE(fates.empty());
}

TEST_P(ThreadPoolEnd, ACallbackMayDestroyThePool) {
  bool destroyed = false;
  for (int i = 0; i < 3; ++i) {
    pool->submit({.work = nothing, .settled = [&](Settled) {
                    pool.reset();
                    destroyed = true;
                  }});
  }
  EXPECT_TRUE(run_until(reactor, [&] { return destroyed; }));
}

TEST_P(ThreadPoolEnd, GrowsAtOnce) {
  pool->resize(2 * workers());
  EXPECT_EQ(pool->stats().workers, 2 * workers());
  std::latch all_run{static_cast<std::ptrdiff_t>(2 * workers())};
  for (std::size_t i = 0; i < 2 * workers(); ++i) {
    submit([&](std::stop_token) { all_run.arrive_and_wait(); });
  }
  EXPECT_TRUE(run_until_settled(2 * workers()));
}

TEST_P(ThreadPoolEnd, ShrinksWhenBusyWorkersAreDone) {
  pool->resize(workers() + 3);
  occupy_all();
  pool->resize(1);
  EXPECT_EQ(pool->stats().workers, 1u);
  release->count_down();
  std::atomic<int> at_once = 0;
  std::atomic<int> most = 0;
  for (int i = 0; i < 100; ++i) {
    submit([&](std::stop_token) {
      most = std::max(most.load(), ++at_once);
      --at_once;
    });
  }
  ASSERT_TRUE(run_until_settled(workers() + 100));
  EXPECT_EQ(most, 1);
}

TEST_P(ThreadPoolEnd, GrowsThoughThoseItDismissedAreStillBusy) {
  occupy_all();
  pool->resize(1);
  EXPECT_EQ(pool->stats().workers, 1u);
  pool->resize(workers());
  EXPECT_EQ(pool->stats().workers, workers());
  release->count_down();
  EXPECT_TRUE(run_until_settled(workers()));
}

TEST_P(ThreadPoolEnd, CannotShrinkToNothing) {
  EXPECT_THROW(pool->resize(0), std::invalid_argument);
  EXPECT_EQ(pool->stats().workers, workers());
}

TEST_P(ThreadPoolEnd, SaysWhenAThreadCannotBeStarted) {
  const NoThreads no_threads;
  try {
    pool->resize(workers() + 1);
    FAIL() << "it started";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()).find("start a worker thread"), 0u);
  }
  EXPECT_EQ(pool->stats().workers, workers());
  EXPECT_THROW(ThreadPool(reactor, {.workers = 2}), std::system_error);
}

TEST_P(ThreadPoolEnd, ReplacesAWorkerLaterWhenNoThreadCanBeHad) {
  occupy_all();
  {
    const NoThreads no_threads;
    for (JobId id = 1; id <= workers(); ++id) pool->abandon(id);
    submit(nothing);
    ASSERT_TRUE(run_until_settled(workers() + 1));
    EXPECT_EQ(fates.back(), Fate::refused);
  }
  submit(nothing);
  ASSERT_TRUE(run_until_settled(workers() + 2));
  EXPECT_EQ(fates.back(), Fate::finished);
  EXPECT_EQ(pool->stats().workers, workers());
  release->count_down();
  EXPECT_TRUE(run_until(reactor, [&] { return pool->stats().stuck == 0; }));
}

INSTANTIATE_TEST_SUITE_P(Workers, ThreadPoolEnd, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

TEST(ThreadPool, NeedsAWorkerAndACapacity) {
  Reactor reactor;
  EXPECT_THROW(ThreadPool(reactor, {.workers = 0}), std::invalid_argument);
  EXPECT_THROW(ThreadPool(reactor, {.capacity = 0}), std::invalid_argument);
}

TEST(ThreadPool, WorkersThatSpinServeTheQueueToo) {
  Reactor reactor;
  ThreadPool pool{reactor, {.workers = 2, .spin = 1ms}};
  int settled = 0;
  for (int round = 1; round <= 20; ++round) {
    pool.submit({.work = [](std::stop_token) {},
                 .settled = [&](Settled) { ++settled; }});
    ASSERT_TRUE(run_until(reactor, [&] { return settled == round; }));
  }
}

}  // namespace
}  // namespace rp
