#include "pool/batch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <latch>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/foreign_exception.h"

namespace rp {
namespace {

int add_5(int number) { return number + 5; }

std::vector<int> numbers(std::size_t count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

class BatchTest : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t workers() const { return GetParam(); }
  Batch batch_{{.parallelism = GetParam()}};
};

INSTANTIATE_TEST_SUITE_P(Workers, BatchTest, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

TEST_P(BatchTest, ReturnsOutcomesInTheOrderOfTheTasks) {
  const auto outcomes = batch_.run(numbers(1'000), add_5);
  ASSERT_EQ(outcomes.size(), 1'000u);
  for (int task = 0; task < 1'000; ++task) {
    ASSERT_EQ(outcomes[static_cast<std::size_t>(task)].value(), task + 5);
  }
  EXPECT_EQ(batch_.first_error(), nullptr);
  EXPECT_TRUE(batch_.unfinished().empty());
}

TEST_P(BatchTest, ReturnsThemInThatOrderWhenTheyEndInAnother) {
  std::atomic<int> next = static_cast<int>(workers()) - 1;
  const auto backwards = [&](int number) {
    while (next != number) std::this_thread::yield();
    --next;
    return number;
  };
  const auto outcomes = batch_.run(numbers(workers()), backwards);
  for (std::size_t task = 0; task < workers(); ++task) {
    EXPECT_EQ(outcomes[task].value(), static_cast<int>(task));
  }
}

TEST_P(BatchTest, StartsAWorkerForEachTaskUpToItsParallelism) {
  for (const std::size_t tasks : {workers() / 2, workers(), workers() + 1}) {
    const std::size_t wanted = std::min(tasks, workers());
    std::latch all_at_once{static_cast<std::ptrdiff_t>(wanted)};
    batch_.run(numbers(tasks), [&](int number) {
      if (static_cast<std::size_t>(number) < wanted) {
        all_at_once.arrive_and_wait();
      }
    });
    EXPECT_EQ(batch_.workers_started(), wanted) << tasks << " tasks";
  }
}

TEST_P(BatchTest, ReturnsAtOnceFromAnEmptyList) {
  const auto outcomes = batch_.run(std::vector<int>(), add_5);
  EXPECT_TRUE(outcomes.empty());
  EXPECT_EQ(batch_.workers_started(), 0u);
}

TEST_P(BatchTest, CallsEachTaskOnce) {
  std::vector<std::atomic<int>> calls(1'000);
  batch_.run(numbers(1'000),
             [&](int number) { ++calls[static_cast<std::size_t>(number)]; });
  for (const auto& times : calls) ASSERT_EQ(times, 1);
}

TEST_P(BatchTest, TellsEachOutcomeOnceOnTheCallersThread) {
  const auto here = std::this_thread::get_id();
  std::vector<int> told(100);
  batch_.run(numbers(100), add_5, [&](std::size_t task, Outcome<int>& outcome) {
    EXPECT_EQ(std::this_thread::get_id(), here);
    EXPECT_EQ(outcome.value(), static_cast<int>(task) + 5);
    ++told[task];
  });
  EXPECT_EQ(told, std::vector<int>(100, 1));
}

TEST_P(BatchTest, RunsAsOftenAsOneLikes) {
  for (int times = 0; times < 10; ++times) {
    EXPECT_EQ(batch_.run(numbers(10), add_5)[9].value(), 14);
  }
}

TEST_P(BatchTest, HasJoinedItsWorkersWhenItReturns) {
  static std::atomic<int> alive = 0;
  struct Present {
    Present() { ++alive; }
    ~Present() { --alive; }
  };
  batch_.run(numbers(100), [](int) { thread_local Present present; });
  EXPECT_EQ(alive, 0);
}

TEST(Batch, TellsAnOutcomeBeforeTheOthersHaveCome) {
  Batch batch{{.parallelism = 2}};
  std::latch first_was_told{1};
  const auto action = [&](int number) {
    if (number == 1) first_was_told.wait();
  };
  batch.run(numbers(2), action, [&](std::size_t task, Outcome<void>&) {
    if (task == 0) first_was_told.count_down();
  });
  EXPECT_TRUE(first_was_told.try_wait());
}

TEST(Batch, NeedsAParallelismOfAtLeastOne) {
  EXPECT_THROW(Batch({.parallelism = 0}), std::invalid_argument);
  EXPECT_EQ(Batch({.parallelism = 1}).run(numbers(3), add_5).size(), 3u);
}

TEST(Batch, AllowsAMillionWorkersAndNotOneMore) {
  EXPECT_THROW(Batch({.parallelism = 1'000'001}), std::invalid_argument);
  EXPECT_THROW(Batch({.parallelism = SIZE_MAX}), std::invalid_argument);
  EXPECT_NO_THROW(Batch({.parallelism = 1'000'000}));
}

TEST(Batch, TakesWhatIsNoCxxExceptionForAnOrdinaryError) {
  Batch batch{{.parallelism = 1, .on_error = OnError::keep_going}};
  const auto outcomes = batch.run(numbers(2), [](int number) {
    if (number == 0) throw_foreign();
    return std::to_string(number);
  });
  EXPECT_EQ(outcomes[0].fate(), Fate::failed);
  EXPECT_EQ(outcomes[0].message(), "an exception that is no C++ exception");
  EXPECT_THROW(outcomes[0].value(), std::runtime_error);
  EXPECT_EQ(outcomes[1].value(), "1");
  EXPECT_EQ(batch.error_count(), 1u);
}

TEST(Batch, TakesTasksResultsAndActionsThatCanOnlyBeMoved) {
  std::vector<std::unique_ptr<int>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(std::make_unique<int>(i));
  Batch batch{{.parallelism = 2}};
  auto outcomes =
      batch.run(std::move(tasks),
                [five = std::make_unique<int>(5)](std::unique_ptr<int> number) {
                  *number += *five;
                  return number;
                });
  EXPECT_EQ(*std::move(outcomes[9]).value(), 14);
}

TEST(Batch, LendsATaskToAnActionThatOnlyReadsIt) {
  Batch batch{{.parallelism = 2}};
  const auto outcomes =
      batch.run(std::vector<std::string>{"ab", "c"},
                [](const std::string& text) { return text.size(); });
  EXPECT_EQ(outcomes[0].value(), 2u);
  EXPECT_EQ(outcomes[1].value(), 1u);
}

TEST(Batch, GivesAStopTokenToAnActionThatWantsOne) {
  Batch batch{{.parallelism = 2}};
  const auto outcomes = batch.run(numbers(2), [](int, std::stop_token token) {
    return token.stop_possible() && !token.stop_requested();
  });
  EXPECT_TRUE(outcomes[0].value());
  EXPECT_TRUE(outcomes[1].value());
}

TEST(Batch, EndsATaskBeforeItTellsItsOutcome) {
  Batch batch{{.parallelism = 1}};
  const auto task = std::make_shared<int>(1);
  batch.run(
      std::vector{task}, [](const std::shared_ptr<int>& one) { return *one; },
      [&](std::size_t, Outcome<int>&) { EXPECT_LE(task.use_count(), 2); });
  EXPECT_EQ(task.use_count(), 1);
}

}  // namespace
}  // namespace rp
