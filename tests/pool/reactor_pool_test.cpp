#include "pool/reactor_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/epoll_poller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Fates = std::vector<Fate>;

constexpr int kCapacity = 80;

// Real threads, and a clock that moves when the test says so.
class ReactorPoolTest : public testing::TestWithParam<std::size_t> {
 protected:
  ~ReactorPoolTest() override { release->count_down(); }

  std::size_t workers() const { return GetParam(); }

  // Work that does not heed its token. It owns what it touches.
  auto hung_work() {
    return [started = started, release = release] {
      ++*started;
      release->wait();
      return 1;
    };
  }

  auto note() {
    return [this](const Outcome<int>& end) { fates.push_back(end.fate()); };
  }

  // So many jobs run and hang.
  bool hang(std::size_t count, DeferOptions options = {}) {
    for (std::size_t i = 0; i < count; ++i) {
      pool.defer(hung_work(), note(), options);
    }
    return run_until(reactor, [&] { return *started == count; });
  }

  // The clock moves within a tick, and the next one looks at it.
  bool pass(Duration time) {
    clock.advance(time);
    return one_tick();
  }
  bool one_tick() {
    const auto now = reactor.stats().ticks;
    return run_until(reactor,
                     [=, this] { return reactor.stats().ticks > now + 1; });
  }

  std::shared_ptr<std::atomic<std::size_t>> started =
      std::make_shared<std::atomic<std::size_t>>(0);
  std::shared_ptr<std::latch> release = std::make_shared<std::latch>(1);
  FakeClock clock;
  Reactor reactor{std::make_unique<EpollPoller>(), clock};
  Fates fates;
  ReactorPool pool{
      reactor, {.workers = GetParam(), .capacity = kCapacity, .grace = 100ms}};
};

TEST_P(ReactorPoolTest, BringsResultsBackOnTheLoop) {
  const auto loop = std::this_thread::get_id();
  std::vector<int> results;
  for (int i = 0; i < 10; ++i) {
    pool.defer([i] { return i * i; },
               [&](Outcome<int> outcome) {
                 EXPECT_EQ(std::this_thread::get_id(), loop);
                 results.push_back(outcome.value());
               });
  }
  ASSERT_TRUE(run_until(reactor, [&] { return results.size() == 10; }));
  std::sort(results.begin(), results.end());
  EXPECT_EQ(results, (std::vector{0, 1, 4, 9, 16, 25, 36, 49, 64, 81}));
}

TEST_P(ReactorPoolTest, WorkReachesTheLoopByItsMailbox) {
  int on_loop = 0;
  for (int i = 0; i < 10; ++i) {
    pool.defer([&on_loop, loop = pool.loop()] {
      loop.post([&on_loop] { ++on_loop; });
    });
  }
  EXPECT_TRUE(run_until(reactor, [&] { return on_loop == 10; }));
}

TEST_P(ReactorPoolTest, AHungJobIsAnsweredAtItsDeadline) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  ASSERT_TRUE(pass(2s - 1ns));
  EXPECT_EQ(fates, Fates{});
  ASSERT_TRUE(pass(1ns));
  EXPECT_EQ(fates, Fates(workers(), Fate::expired));
}

TEST_P(ReactorPoolTest, HasItsSizeAgainWhenTheGraceIsOver) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  ASSERT_TRUE(pass(2s));
  EXPECT_EQ(pool.stats().stuck, 0u) << "they have their grace";
  ASSERT_TRUE(pass(100ms));
  ASSERT_EQ(pool.stats().stuck, workers());
  EXPECT_EQ(pool.stats().workers, workers());
  std::atomic<std::size_t> answers = 0;
  pool.defer([] { return 1; }, [&](const Outcome<int>&) { ++answers; });
  EXPECT_TRUE(run_until(reactor, [&] { return answers == 1; }));
}

TEST_P(ReactorPoolTest, DropsTheLateResultOfARetiredWorker) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  ASSERT_TRUE(pass(2s));
  ASSERT_TRUE(pass(100ms));
  release->count_down();
  ASSERT_TRUE(run_until(reactor, [&] { return pool.stats().stuck == 0; }));
  EXPECT_EQ(fates, Fates(workers(), Fate::expired));
  EXPECT_EQ(pool.stats().workers, workers());
}

TEST_P(ReactorPoolTest, DropsAResultThatComesWithinTheGrace) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  ASSERT_TRUE(pass(2s));
  release->count_down();
  ASSERT_TRUE(run_until(reactor, [&] { return pool.stats().running == 0; }));
  ASSERT_TRUE(pass(1h));
  EXPECT_EQ(fates, Fates(workers(), Fate::expired));
  EXPECT_EQ(pool.stats().stuck, 0u);
}

TEST_P(ReactorPoolTest, AsksAJobToStopAtItsDeadline) {
  std::atomic<bool> runs = false;
  pool.defer(
      [&](std::stop_token token) {
        std::latch asked{1};
        std::stop_callback tell(token, [&] { asked.count_down(); });
        runs = true;
        asked.wait();
      },
      {.deadline = 2s});
  ASSERT_TRUE(run_until(reactor, [&] { return runs.load(); }));
  ASSERT_TRUE(pass(2s));
  EXPECT_TRUE(run_until(reactor, [&] { return pool.stats().running == 0; }));
}

// Twice the capacity waits for workers that are busy for 200 ms.
TEST_P(ReactorPoolTest, OverloadRetiresNobody) {
  ASSERT_TRUE(hang(workers()));
  for (int i = 0; i < 2 * kCapacity; ++i) {
    pool.defer([] { return 1; }, note(), {.deadline = 100ms});
  }
  for (int turn = 0; turn < 10; ++turn) ASSERT_TRUE(pass(20ms));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::refused), kCapacity);
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::expired), kCapacity);
  EXPECT_EQ(pool.stats().stuck, 0u);
  EXPECT_EQ(pool.stats().workers, workers());
}

TEST_P(ReactorPoolTest, DeadlinesOutliveTheRunInWhichTheyWereSet) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  ASSERT_TRUE(one_tick());
  reactor.run([&] { reactor.stop(); });
  clock.advance(2s);
  ASSERT_TRUE(run_until(reactor, [&] { return fates.size() == workers(); }));
  EXPECT_EQ(fates, Fates(workers(), Fate::expired));
  ASSERT_TRUE(pass(100ms));
  EXPECT_EQ(pool.stats().stuck, workers());
}

TEST_P(ReactorPoolTest, AnEndAfterStopWaitsForTheNextRun) {
  reactor.run([&] {
    pool.defer([] { return 1; }, note());
    reactor.stop();
  });
  pool.finish();
  EXPECT_TRUE(fates.empty());
  ASSERT_TRUE(run_until(reactor, [&] { return fates.size() == 1; }));
  EXPECT_EQ(fates.front(), Fate::finished);
}

TEST_P(ReactorPoolTest, DropTellsTheCallers) {
  ASSERT_TRUE(hang(workers(), {.deadline = 2s}));
  EXPECT_EQ(pool.drop(), workers());
  EXPECT_TRUE(fates.empty()) << "never inside a call";
  ASSERT_TRUE(run_until(reactor, [&] { return fates.size() == workers(); }));
  EXPECT_EQ(fates, Fates(workers(), Fate::dropped));
}

TEST_P(ReactorPoolTest, ChangesItsSize) {
  pool.resize(workers() + 1);
  EXPECT_EQ(pool.stats().workers, workers() + 1);
  EXPECT_TRUE(hang(workers() + 1));
}

INSTANTIATE_TEST_SUITE_P(Workers, ReactorPoolTest, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

// On a busy machine a job may expire before it starts: then it is tried again.
TEST(ReactorPool, RetiresAWorkerOnTheMachinesClock) {
  const auto release = std::make_shared<std::latch>(1);
  Reactor reactor;
  ReactorPool pool{reactor, {.workers = 1, .grace = 5ms}};
  Fates fates;
  ASSERT_TRUE(run_until(reactor, [&] {
    const auto stats = pool.stats();
    if (stats.waiting + stats.running + stats.stuck == 0) {
      pool.defer([release] { release->wait(); },
                 [&](const Outcome<void>& end) { fates.push_back(end.fate()); },
                 {.deadline = 5ms});
    }
    return stats.stuck == 1;
  }));
  EXPECT_EQ(pool.stats().workers, 1u);
  release->count_down();
  ASSERT_TRUE(run_until(reactor, [&] { return pool.stats().stuck == 0; }));
  EXPECT_EQ(fates, Fates(fates.size(), Fate::expired));
}

}  // namespace
}  // namespace rp
