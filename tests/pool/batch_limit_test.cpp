#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "pool/batch.h"
#include "tests/support/fake_clock.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Tasks = std::vector<std::size_t>;

Tasks first(std::size_t count) {
  Tasks all(count);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

// Tasks may wait for `release_`; nobody is left waiting at the end.
class BatchLimit : public testing::TestWithParam<std::size_t> {
 protected:
  ~BatchLimit() override {
    if (!release_.try_wait()) release_.count_down();
    while (batch_ && batch_->stuck() > 0) std::this_thread::yield();
  }
  std::size_t workers() const { return GetParam(); }

  Batch& batch(Batch::Options options) {
    options.parallelism = workers();
    return batch_.emplace(options, clock_);
  }

  FakeClock clock_;
  std::latch release_{1};
  std::optional<Batch> batch_;
};

INSTANTIATE_TEST_SUITE_P(Workers, BatchLimit, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

class BatchLimitOfMany : public BatchLimit {};

INSTANTIATE_TEST_SUITE_P(Workers, BatchLimitOfMany, testing::Values(2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

TEST_P(BatchLimit, EndsTheRunWhateverItsTasksDo) {
  const TimePoint begin = SteadyClock().now();
  Batch& batch = batch_.emplace(Batch::Options{
      .parallelism = workers(), .on_error = OnError::keep_going, .limit = 5ms});
  const auto outcomes =
      batch.run(first(100), [&](std::size_t) { release_.wait(); });
  EXPECT_GE(SteadyClock().now() - begin, 5ms);
  for (const auto& outcome : outcomes) ASSERT_EQ(outcome.fate(), Fate::expired);
  EXPECT_EQ(batch.unfinished(), first(100));
  EXPECT_LE(batch.stuck(), workers());
}

TEST_P(BatchLimit, ThrowsWithTheNamesOfTheUnfinishedIfItStopsOnErrors) {
  Batch& waiting = batch({.limit = 5ms});
  const auto action = [&](std::size_t) {
    clock_.advance(5ms);
    release_.wait();
  };
  try {
    waiting.run(first(2), action);
    FAIL() << "nothing was thrown";
  } catch (const BatchExpired& error) {
    EXPECT_STREQ(error.what(),
                 "the batch's limit of 5 ms passed; unfinished: 0, 1");
    EXPECT_EQ(error.unfinished(), first(2));
  }
  EXPECT_EQ(waiting.unfinished(), first(2));
  EXPECT_EQ(waiting.first_error(), nullptr);
}

TEST_P(BatchLimit, StartsNothingAfterIt) {
  std::atomic<std::size_t> started = 0;
  Batch& waiting = batch({.on_error = OnError::keep_going, .limit = 5ms});
  waiting.run(first(1'000), [&](std::size_t) {
    ++started;
    clock_.advance(5ms);
    release_.wait();
  });
  release_.count_down();
  while (waiting.stuck() > 0) std::this_thread::yield();
  EXPECT_LE(started, workers());
}

TEST_P(BatchLimit, AsksWhatRunsToStopAndDropsWhatItReturns) {
  Batch& waiting = batch({.on_error = OnError::keep_going, .limit = 5ms});
  const auto outcomes =
      waiting.run(first(workers()), [&](std::size_t, std::stop_token token) {
        clock_.advance(5ms);
        while (!token.stop_requested()) std::this_thread::yield();
      });
  for (const auto& outcome : outcomes) ASSERT_EQ(outcome.fate(), Fate::expired);
  while (waiting.stuck() > 0) std::this_thread::yield();
  EXPECT_EQ(waiting.stuck(), 0u);
}

TEST_P(BatchLimit, KeepsTheOutcomesThatHaveCome) {
  Batch& waiting = batch({.on_error = OnError::keep_going, .limit = 1h});
  std::size_t told = 0;
  const auto outcomes = waiting.run(
      first(10),
      [&](std::size_t task) {
        if (task > 0) release_.wait();
        return task;
      },
      [&](std::size_t task, Outcome<std::size_t>&) {
        ++told;
        if (task == 0) clock_.advance(1h);
      });
  EXPECT_EQ(outcomes[0].value(), 0u);
  EXPECT_EQ(outcomes[1].fate(), Fate::expired);
  EXPECT_EQ(outcomes[1].message(),
            "the batch's limit of 3600 s passed; unfinished: "
            "1, 2, 3, 4, 5, 6, 7, 8, 9");
  EXPECT_EQ(told, 10u);
}

// The caller hears of one task when the other has ended, too, and every worker
// is in a later one; then the limit passes.
TEST_P(BatchLimitOfMany, TellsWhatHasArrivedAlsoFromAWorkerThatIsStuck) {
  Batch& waiting = batch({.on_error = OnError::keep_going, .limit = 1h});
  std::atomic<std::size_t> stuck = 0;
  int told = 0;
  const auto action = [&](std::size_t task) {
    if (task == 0) return;
    if (task == 1) throw std::runtime_error("in time");
    ++stuck;
    release_.wait();
  };
  const auto outcomes =
      waiting.run(first(2 + workers()), action, [&](std::size_t, auto&) {
        if (told++ > 0) return;
        while (stuck < workers()) std::this_thread::yield();
        clock_.advance(1h);
      });
  EXPECT_TRUE(outcomes[0].ok());
  EXPECT_EQ(outcomes[1].message(), "in time");
  EXPECT_EQ(waiting.error_count(), 1u);
  EXPECT_EQ(waiting.unfinished().size(), workers());
}

TEST_P(BatchLimit, IsPassedWhenAnIteratorHasMoreToGive) {
  const Tasks tasks = first(1'000);
  Batch& none = batch({.limit = 0s});
  try {
    none.run(
        tasks.begin(), tasks.end(), [](std::size_t) {},
        [](std::size_t, auto&) {});
    FAIL() << "nothing was thrown";
  } catch (const BatchExpired& error) {
    EXPECT_STREQ(error.what(),
                 "the batch's limit of 0 ms passed; "
                 "unfinished: what was not taken");
  }
  EXPECT_FALSE(none.saw_end());
  Batch& some = batch({.limit = 5ms});
  EXPECT_THROW(some.run(
                   tasks.begin(), tasks.end(), [](std::size_t) {},
                   [&](std::size_t, auto&) { clock_.advance(5ms); }),
               BatchExpired);
  EXPECT_FALSE(some.saw_end());
}

TEST_P(BatchLimit, IsNoErrorWhenAnIteratorHasGivenAllAndAllHaveEnded) {
  const Tasks tasks = first(2 * workers());
  Batch& batch = this->batch({.limit = 5ms});
  std::size_t told = 0;
  batch.run(
      tasks.begin(), tasks.end(), [](std::size_t) {},
      [&](std::size_t, auto&) {
        if (++told == tasks.size()) clock_.advance(5ms);
      });
  EXPECT_TRUE(batch.saw_end());
}

TEST_P(BatchLimit, OfZeroStartsNothing) {
  Batch& none = batch({.on_error = OnError::keep_going, .limit = 0s});
  const auto outcomes = none.run(first(3), [](std::size_t) {});
  EXPECT_EQ(outcomes[2].fate(), Fate::expired);
  EXPECT_EQ(none.workers_started(), 0u);
  EXPECT_TRUE(none.run(Tasks(), [](std::size_t) {}).empty());
}

TEST_P(BatchLimit, IsNotReachedOneNanosecondBefore) {
  Batch& batch = this->batch({.limit = 5ms});
  const auto outcomes = batch.run(first(2), [&](std::size_t task) {
    if (task == 0) clock_.advance(5ms - 1ns);
  });
  EXPECT_TRUE(outcomes[1].ok());
}

TEST_P(BatchLimit, IsNotRestartedByAnOutcome) {
  Batch& batch = this->batch({.on_error = OnError::keep_going, .limit = 5ms});
  batch.run(first(1'000), [&](std::size_t) { clock_.advance(1ms); });
  EXPECT_FALSE(batch.unfinished().empty());
}

TEST_P(BatchLimit, IsNoErrorOfATaskThatWasTheLast) {
  Batch& batch = this->batch({.limit = 5ms});
  const auto action = [&](std::size_t) { clock_.advance(1h); };
  EXPECT_TRUE(batch.run(first(1), action)[0].ok());
  EXPECT_TRUE(batch.unfinished().empty());
}

TEST_P(BatchLimit, DoesNotHideTheFirstError) {
  Batch& batch = this->batch({.limit = 1h});
  std::latch second_runs{workers() == 1 ? 0 : 1};
  const auto action = [&](std::size_t task) {
    if (task == 0) {
      second_runs.wait();
      throw std::runtime_error("the first");
    }
    second_runs.count_down();
    release_.wait();
  };
  EXPECT_THROW(batch.run(first(2), action,
                         [&](std::size_t, auto&) { clock_.advance(1h); }),
               std::runtime_error);
  EXPECT_EQ(batch.unfinished(), Tasks{1});
  EXPECT_EQ(batch.first_error()->message, "the first");
}

TEST_P(BatchLimit, DoesNotKeepWhatNeverStarted) {
  Batch& waiting = batch({.on_error = OnError::keep_going, .limit = 5ms});
  std::vector<std::shared_ptr<int>> tasks;
  std::vector<std::weak_ptr<int>> seen;
  for (int i = 0; i < 1'000; ++i) {
    tasks.push_back(std::make_shared<int>(i));
    seen.push_back(tasks.back());
  }
  waiting.run(std::move(tasks), [&](const std::shared_ptr<int>&) {
    clock_.advance(5ms);
    release_.wait();
  });
  const auto alive = std::count_if(
      seen.begin(), seen.end(), [](const auto& it) { return !it.expired(); });
  EXPECT_LE(static_cast<std::size_t>(alive), workers());
}

}  // namespace
}  // namespace rp
