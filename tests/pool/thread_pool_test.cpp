#include "pool/thread_pool.h"

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

#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Fates = std::vector<Fate>;

constexpr std::size_t kCapacity = 128;

class ThreadPoolTest : public testing::TestWithParam<std::size_t> {
 protected:
  ~ThreadPoolTest() override {
    if (!release.try_wait()) release.count_down();
  }

  std::size_t workers() const { return GetParam(); }

  JobId submit(Function<void(std::stop_token)> work) {
    return pool.submit(
        {.work = std::move(work),
         .settled = [this](Settled end) { fates.push_back(end.fate); }});
  }

  // A job for each worker, which holds it until `release` is counted down.
  void occupy_all() {
    std::atomic<std::size_t> busy = 0;
    for (std::size_t i = 0; i < workers(); ++i) {
      submit([this, &busy](std::stop_token) {
        ++busy;
        release.wait();
      });
    }
    ASSERT_TRUE(run_until(reactor, [&] { return busy == workers(); }));
  }

  bool run_until_settled(std::size_t count) {
    return run_until(reactor, [&] { return fates.size() == count; });
  }

  static void nothing(std::stop_token) {}

  Reactor reactor;
  std::latch release{1};
  Fates fates;
  ThreadPool pool{reactor, {.workers = GetParam(), .capacity = kCapacity}};
};

TEST_P(ThreadPoolTest, RunsEachJobOnceOnAWorker) {
  std::atomic<int> here = 0;
  std::atomic<int> elsewhere = 0;
  for (int i = 0; i < 100; ++i) {
    submit([&, loop = std::this_thread::get_id()](std::stop_token) {
      ++(std::this_thread::get_id() == loop ? here : elsewhere);
    });
  }
  ASSERT_TRUE(run_until_settled(100));
  EXPECT_EQ(fates, Fates(100, Fate::finished));
  EXPECT_EQ(elsewhere, 100);
  EXPECT_EQ(here, 0);
}

TEST_P(ThreadPoolTest, CallsBackOnTheLoopsThreadOnly) {
  int on_loop = 0;
  int elsewhere = 0;
  for (int i = 0; i < 100; ++i) {
    pool.submit({.work = i % 2 ? nothing : [](std::stop_token) { throw 1; },
                 .settled =
                     [&, loop = std::this_thread::get_id()](Settled) {
                       ++(std::this_thread::get_id() == loop ? on_loop
                                                             : elsewhere);
                     }});
  }
  ASSERT_TRUE(run_until(reactor, [&] { return on_loop + elsewhere == 100; }));
  EXPECT_EQ(on_loop, 100);
}

TEST_P(ThreadPoolTest, DestroysWorkOnTheWorkerAndCallbacksOnTheLoop) {
  using Id = std::thread::id;
  const auto note_thread = [](std::atomic<Id>& where) {
    return std::shared_ptr<void>(
        nullptr, [&where](void*) { where = std::this_thread::get_id(); });
  };
  std::atomic<Id> ran, work_died, callback_died;
  pool.submit(
      {.work = [&, guard = note_thread(work_died)](
                   std::stop_token) { ran = std::this_thread::get_id(); },
       .settled = [&, guard = note_thread(callback_died)](
                      Settled end) { fates.push_back(end.fate); }});
  ASSERT_TRUE(run_until(reactor, [&] { return callback_died.load() != Id(); }));
  EXPECT_EQ(work_died.load(), ran.load());
  EXPECT_EQ(callback_died.load(), std::this_thread::get_id());
}

TEST_P(ThreadPoolTest, HandsJobsOverWhenThePhaseEnds) {
  std::atomic<bool> phase_is_over = false;
  std::atomic<int> too_early = 0;
  reactor.run_after(0s, [&] {
    for (int i = 0; i < 50; ++i) {
      submit([&](std::stop_token) { too_early += phase_is_over ? 0 : 1; });
    }
    EXPECT_EQ(pool.stats().waiting, 50u);
    std::this_thread::yield();
    phase_is_over = true;
  });
  ASSERT_TRUE(run_until_settled(50));
  EXPECT_EQ(too_early, 0);
}

TEST_P(ThreadPoolTest, NeverSettlesInsideACall) {
  reactor.run_after(0s, [&] {
    const JobId first = submit(nothing);
    for (std::size_t i = 0; i < kCapacity; ++i) submit(nothing);
    EXPECT_EQ(pool.cancel(first), Cancelled::dequeued);
    EXPECT_TRUE(fates.empty());
  });
  ASSERT_TRUE(run_until_settled(kCapacity + 1));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::refused), 1);
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::dropped), 1);
}

TEST_P(ThreadPoolTest, AnExceptionEndsTheJobAndNotTheWorker) {
  for (std::size_t i = 0; i < 2 * workers(); ++i) {
    submit([](std::stop_token) { throw std::runtime_error("broken"); });
  }
  ASSERT_TRUE(run_until_settled(2 * workers()));
  EXPECT_EQ(fates, Fates(2 * workers(), Fate::failed));
  EXPECT_EQ(pool.stats().workers, workers());
  fates.clear();
  submit(nothing);
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(fates.front(), Fate::finished);
}

TEST_P(ThreadPoolTest, BringsTheExceptionBackAsWhatItWas) {
  std::exception_ptr error;
  pool.submit({.work = [](std::stop_token) { throw std::out_of_range("7"); },
               .settled = [&](Settled end) { error = end.error; }});
  ASSERT_TRUE(run_until(reactor, [&] { return error != nullptr; }));
  EXPECT_THROW(std::rethrow_exception(error), std::out_of_range);
}

// The later jobs are there until the loop has long known of the error.
TEST_P(ThreadPoolTest, AJobThatThrewCancelsNoLaterOne) {
  pool.submit({.work = [](std::stop_token) { throw 1; },
               .settled =
                   [this](Settled end) {
                     fates.push_back(end.fate);
                     reactor.run_after(0s, [this] { release.count_down(); });
                   }});
  std::atomic<int> asked = 0;
  for (std::size_t i = 0; i < workers(); ++i) {
    submit([&](std::stop_token token) {
      release.wait();
      asked += token.stop_requested() ? 1 : 0;
    });
  }
  ASSERT_TRUE(run_until_settled(workers() + 1));
  Fates expected(workers() + 1, Fate::finished);
  expected.front() = Fate::failed;
  EXPECT_EQ(fates, expected);
  EXPECT_EQ(asked, 0);
}

TEST_P(ThreadPoolTest, CallbacksThatThrowGoTheReactorsWay) {
  int errors = 0;
  reactor.on_error([&](std::exception_ptr) { ++errors; });
  for (int i = 0; i < 3; ++i) {
    pool.submit({.work = nothing,
                 .settled = [](Settled) { throw std::logic_error("mine"); }});
  }
  submit(nothing);
  EXPECT_TRUE(
      run_until(reactor, [&] { return errors == 3 && !fates.empty(); }));
}

TEST_P(ThreadPoolTest, AQuickJobDoesNotWaitBehindASlowOneWhileAWorkerIsIdle) {
  pool.resize(workers() + 1);
  for (int round = 0; round < 5; ++round) {
    const auto end = std::make_shared<std::latch>(1);
    for (std::size_t i = 0; i < workers(); ++i) {
      submit([end](std::stop_token) { end->wait(); });
    }
    for (int i = 0; i < 50; ++i) submit(nothing);
    ASSERT_TRUE(run_until_settled(50));
    EXPECT_EQ(pool.stats().running, workers());
    end->count_down();
    ASSERT_TRUE(run_until_settled(50 + workers()));
    fates.clear();
  }
}

TEST_P(ThreadPoolTest, RefusesWhatGoesBeyondItsCapacity) {
  occupy_all();
  const std::size_t most = kCapacity - 1;
  for (std::size_t i = 0; i < most; ++i) submit(nothing);
  ASSERT_TRUE(run_until(reactor, [&] { return pool.stats().waiting == most; }));
  submit(nothing);
  submit(nothing);
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(fates.front(), Fate::refused);
  EXPECT_EQ(pool.stats().waiting, kCapacity);
  release.count_down();
  ASSERT_TRUE(run_until_settled(workers() + kCapacity + 1));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::refused), 1);
}

TEST_P(ThreadPoolTest, CountsStagedJobsToItsCapacity) {
  for (std::size_t i = 0; i < kCapacity + 2; ++i) submit(nothing);
  ASSERT_TRUE(run_until_settled(kCapacity + 2));
  EXPECT_EQ(std::count(fates.begin(), fates.end(), Fate::refused), 2);
}

TEST_P(ThreadPoolTest, CancelTakesAWaitingJobOut) {
  occupy_all();
  std::atomic<bool> ran = false;
  const JobId queued = submit([&](std::stop_token) { ran = true; });
  ASSERT_TRUE(run_until(reactor, [] { return true; }));
  const JobId staged = submit([&](std::stop_token) { ran = true; });
  EXPECT_EQ(pool.stats().waiting, 2u);
  EXPECT_EQ(pool.cancel(queued), Cancelled::dequeued);
  EXPECT_EQ(pool.cancel(staged), Cancelled::dequeued);
  EXPECT_EQ(pool.stats().waiting, 0u);
  ASSERT_TRUE(run_until_settled(2));
  EXPECT_EQ(fates, Fates(2, Fate::dropped));
  release.count_down();
  ASSERT_TRUE(run_until_settled(workers() + 2));
  EXPECT_FALSE(ran);
}

TEST_P(ThreadPoolTest, CancelAsksARunningJobToStop) {
  std::atomic<bool> runs = false;
  const JobId id = submit([&](std::stop_token token) {
    std::latch asked{1};
    std::stop_callback tell(token, [&] { asked.count_down(); });
    runs = true;
    asked.wait();
  });
  ASSERT_TRUE(run_until(reactor, [&] { return runs.load(); }));
  EXPECT_EQ(pool.cancel(id), Cancelled::asked);
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(fates.front(), Fate::finished);
}

TEST_P(ThreadPoolTest, CancelKnowsNoJobThatIsSettled) {
  const JobId id = submit(nothing);
  ASSERT_TRUE(run_until_settled(1));
  EXPECT_EQ(pool.cancel(id), Cancelled::unknown);
  EXPECT_EQ(pool.cancel(0), Cancelled::unknown);
}

TEST_P(ThreadPoolTest, AsManyJobsAsIdleWorkersRunAtOnce) {
  const auto all_run =
      std::make_shared<std::latch>(static_cast<std::ptrdiff_t>(workers()));
  for (std::size_t i = 0; i < workers(); ++i) {
    submit([all_run](std::stop_token) { all_run->arrive_and_wait(); });
  }
  EXPECT_TRUE(run_until_settled(workers()));
}

INSTANTIATE_TEST_SUITE_P(Workers, ThreadPoolTest, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

// Several times: most of the rounds find the workers asleep.
TEST(ThreadPool, FourJobsRunOnFourIdleWorkersAtOnce) {
  Reactor reactor;
  ThreadPool pool{reactor, {.workers = 4}};
  for (int round = 0; round < 10; ++round) {
    const auto all_four_run = std::make_shared<std::latch>(4);
    int settled = 0;
    for (int i = 0; i < 4; ++i) {
      pool.submit(
          {.work = [=](std::stop_token) { all_four_run->arrive_and_wait(); },
           .settled = [&](Settled) { ++settled; }});
    }
    ASSERT_TRUE(run_until(reactor, [&] { return settled == 4; }));
  }
}

}  // namespace
}  // namespace rp
