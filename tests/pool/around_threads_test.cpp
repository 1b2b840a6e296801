#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "pool/meter.h"
#include "pool/resolver.h"
#include "pool/strand.h"
#include "pool/thread_pool.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Executors around real threads.
class AroundThreads : public testing::TestWithParam<std::size_t> {
 protected:
  ~AroundThreads() override {
    if (!release->try_wait()) release->count_down();
  }

  JobId submit(Executor& executor, std::uint64_t key,
               Function<void(std::stop_token)> work) {
    return executor.submit(
        {.work = std::move(work),
         .settled = [this](Settled end) { fates.push_back(end.fate); },
         .key = key});
  }

  // It does not heed its token, and owns what it touches.
  JobId hang(Executor& executor, std::uint64_t key) {
    return submit(executor, key,
                  [hung = hung, release = release](std::stop_token) {
                    ++*hung;
                    release->wait();
                  });
  }

  bool run_until_settled(std::size_t count) {
    return run_until(reactor, [=, this] { return fates.size() == count; });
  }
  bool run_until_hung(std::size_t count) {
    return run_until(reactor, [=, this] { return *hung == count; });
  }

  std::shared_ptr<std::latch> release = std::make_shared<std::latch>(1);
  std::shared_ptr<std::atomic<std::size_t>> hung =
      std::make_shared<std::atomic<std::size_t>>(0);
  Reactor reactor;
  ThreadPool pool{reactor, {.workers = GetParam()}};
  Strand strand{reactor, pool};
  std::optional<Meter> meter{std::in_place, reactor, pool};
  std::vector<Fate> fates;
};

INSTANTIATE_TEST_SUITE_P(Workers, AroundThreads, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

// What the jobs of a key write has no lock: a race would be seen.
TEST_P(AroundThreads, JobsOfAKeyRunOneAfterAnotherInTheirOrder) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::array<std::vector<int>, 8> ran;
  std::array<std::vector<int>, 8> wanted;
  for (int job = 0; job < 400; ++job) {
    const std::size_t key = random() % ran.size();
    wanted[key].push_back(job);
    submit(strand, key + 1,
           [&ran, key, job](std::stop_token) { ran[key].push_back(job); });
  }
  ASSERT_TRUE(run_until_settled(400));
  EXPECT_EQ(ran, wanted);
}

TEST_P(AroundThreads, AnAbandonedJobLetsTheNextOfItsKeyGoOn) {
  const JobId stuck = hang(strand, 7);
  submit(strand, 7, [](std::stop_token) {});
  ASSERT_TRUE(run_until_hung(1));
  EXPECT_EQ(strand.waiting(), 1u);
  strand.abandon(stuck);
  ASSERT_TRUE(run_until_settled(2));
  EXPECT_EQ(fates, (std::vector{Fate::dropped, Fate::finished}));
}

TEST_P(AroundThreads, EveryJobThatIsTakenBackFromAStrandIsSettledOnce) {
  const unsigned seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<JobId> ids;
  ASSERT_TRUE(run_until(reactor, [&] {
    for (int i = 0; i < 5 && ids.size() < 1000; ++i) {
      ids.push_back(submit(strand, random() % 4, [](std::stop_token) {}));
    }
    const std::size_t recent = std::min<std::size_t>(ids.size(), 10);
    const JobId chosen = ids[ids.size() - 1 - random() % recent];
    if (random() % 2 == 0) strand.cancel(chosen);
    if (random() % 2 == 0) strand.abandon(chosen);
    return ids.size() == 1000 && fates.size() >= 1000;
  }));
  EXPECT_EQ(fates.size(), 1000u);
  EXPECT_EQ(pool.stats().running + pool.stats().waiting, 0u);
}

TEST_P(AroundThreads, WhatWaitsInAStrandAtItsEndIsDropped) {
  std::optional<Strand> brief{std::in_place, reactor, pool};
  hang(*brief, 7);
  for (int i = 0; i < 5; ++i) submit(*brief, 7, [](std::stop_token) {});
  ASSERT_TRUE(run_until_hung(1));
  brief.reset();
  EXPECT_TRUE(fates.empty());
  ASSERT_TRUE(run_until_settled(5));
  EXPECT_EQ(fates, std::vector(5, Fate::dropped));
  release->count_down();
  ASSERT_TRUE(run_until_settled(6));
}

TEST_P(AroundThreads, AMetersNumbersAddUpAtEveryLook) {
  std::size_t submitted = 0;
  ASSERT_TRUE(run_until(reactor, [&] {
    for (int i = 0; i < 5 && submitted < 500; ++i, ++submitted) {
      const JobId id = submit(*meter, 0, [](std::stop_token) {});
      if (submitted % 3 == 0) meter->cancel(id);
    }
    const Meter::Numbers now = meter->total();
    const std::uint64_t settled = std::accumulate(
        std::begin(now.settled), std::end(now.settled), std::uint64_t{0});
    EXPECT_EQ(settled, fates.size());
    EXPECT_EQ(now.submitted, now.waiting + now.running + settled);
    return fates.size() == 500;
  }));
  const Meter::Numbers end = meter->total();
  EXPECT_EQ(end.wait.count(), end.settled[0]);
  EXPECT_EQ(end.run.count(), end.settled[0]);
}

TEST_P(AroundThreads, AMeterCountsARetiredJobUntilItReturns) {
  std::vector<JobId> stuck;
  for (std::size_t i = 0; i < GetParam(); ++i) {
    stuck.push_back(hang(*meter, 0));
  }
  ASSERT_TRUE(run_until_hung(GetParam()));
  EXPECT_EQ(meter->total().running, GetParam());
  for (const JobId id : stuck) meter->abandon(id);
  ASSERT_TRUE(run_until_settled(GetParam()));
  EXPECT_EQ(meter->total().running, 0u);
  EXPECT_EQ(meter->total().retired, GetParam());
  EXPECT_EQ(meter->total().run.count(), 0u);
  release->count_down();
  ASSERT_TRUE(run_until(reactor, [&] { return pool.stats().stuck == 0; }));
  EXPECT_EQ(meter->total().retired, 0u);
  EXPECT_EQ(meter->total().run.count(), GetParam());
}

TEST_P(AroundThreads, ARetiredJobMayReturnWhenTheMeterIsGone) {
  const JobId stuck = hang(*meter, 0);
  ASSERT_TRUE(run_until_hung(1));
  meter->abandon(stuck);
  ASSERT_TRUE(run_until_settled(1));
  meter.reset();
  release->count_down();
  EXPECT_TRUE(run_until(reactor, [&] { return pool.stats().stuck == 0; }));
}

TEST_P(AroundThreads, NamesAreResolvedOnWorkers) {
  Resolver resolver{pool};
  std::vector<std::string> found;
  for (const char* host : {"127.0.0.1", "127.0.0.2", "::1"}) {
    resolver.resolve(host, 7000, [&](Outcome<std::vector<Address>> outcome) {
      found.push_back(outcome.value().front().to_string());
    });
  }
  ASSERT_TRUE(run_until(reactor, [&] { return found.size() == 3; }));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"127.0.0.1:7000", "127.0.0.2:7000",
                                             "[::1]:7000"}));
}

}  // namespace
}  // namespace rp
