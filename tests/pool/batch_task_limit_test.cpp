#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <numeric>
#include <optional>
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

// A task that lets its time pass and waits for `release_` is stuck; time
// stands still for all others.
class BatchTaskLimit : public testing::Test {
 protected:
  ~BatchTaskLimit() override { let_go(); }

  Batch& batch(Batch::Options options) {
    options.task_limit = 1ms;
    return batch_.emplace(options, clock_);
  }
  void get_stuck() {
    clock_.advance(1ms);
    release_.wait();
  }
  void let_go() {
    if (!release_.try_wait()) release_.count_down();
    while (batch_ && batch_->stuck() > 0) std::this_thread::yield();
  }

  FakeClock clock_;
  std::latch release_{1};
  std::optional<Batch> batch_;
};

constexpr OnError kGoOn = OnError::keep_going;

TEST_F(BatchTaskLimit, EndsOneTaskAndNoOther) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn});
  const auto outcomes = batch.run(first(4), [&](std::size_t task) {
    if (task == 1) get_stuck();
    return task;
  });
  EXPECT_EQ(outcomes[0].value(), 0u);
  EXPECT_EQ(outcomes[1].fate(), Fate::expired);
  EXPECT_EQ(outcomes[1].message(), "task 1 ran longer than 1 ms");
  EXPECT_EQ(outcomes[2].value(), 2u);
  EXPECT_EQ(outcomes[3].value(), 3u);
  EXPECT_EQ(batch.unfinished(), Tasks{1});
}

TEST_F(BatchTaskLimit, IsAnErrorThatStopsABatchThatStopsOnErrors) {
  Batch& batch = this->batch({.parallelism = 1});
  EXPECT_THROW(batch.run(first(4), [&](std::size_t) { get_stuck(); }),
               BatchExpired);
  const BatchError* error = batch.first_error();
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->task, 0u);
  EXPECT_EQ(error->worker, 0u);
  EXPECT_EQ(error->type, "rp::BatchExpired");
  EXPECT_EQ(error->message, "task 0 ran longer than 1 ms");
  EXPECT_TRUE(error->trace.empty());
  EXPECT_EQ(batch.unfinished(), first(4));
}

TEST_F(BatchTaskLimit, CountsFromTheStartOfTheTask) {
  Batch& batch = this->batch({.parallelism = 1});
  const auto outcomes =
      batch.run(first(100), [&](std::size_t) { clock_.advance(1ms - 1ns); });
  EXPECT_TRUE(outcomes[99].ok());
}

TEST_F(BatchTaskLimit, SetsTheTokenOfTheTask) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn});
  batch.run(first(1), [&](std::size_t, std::stop_token token) {
    clock_.advance(1ms);
    while (!token.stop_requested()) std::this_thread::yield();
  });
  EXPECT_EQ(batch.unfinished(), Tasks{0});
  let_go();
  EXPECT_EQ(batch.stuck(), 0u);
}

// The time of both passes at once, and two that need each other are served
// beside them.
TEST_F(BatchTaskLimit, ReplacesAStuckWorkerSoThatItsParallelismHolds) {
  Batch& batch = this->batch({.parallelism = 2, .on_error = kGoOn});
  std::latch begun{2};
  std::latch both{2};
  const auto outcomes = batch.run(first(4), [&](std::size_t task) {
    if (task > 1) return both.arrive_and_wait();
    begun.arrive_and_wait();
    task == 0 ? get_stuck() : release_.wait();
  });
  EXPECT_TRUE(outcomes[2].ok());
  EXPECT_TRUE(outcomes[3].ok());
  EXPECT_EQ(batch.workers_started(), 4u);
  EXPECT_EQ(batch.stuck(), 2u);
  let_go();  // both refer to `begun`
}

TEST_F(BatchTaskLimit, DoesNotReplaceAWorkerForNothing) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn});
  batch.run(first(1), [&](std::size_t) { get_stuck(); });
  EXPECT_EQ(batch.workers_started(), 1u);
}

TEST_F(BatchTaskLimit, ReplacesAsManyAsAllowedAndNotOneMore) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn, .stuck = 2});
  const auto outcomes = batch.run(first(5), [&](std::size_t task) {
    if (task != 1) get_stuck();
  });
  EXPECT_EQ(batch.workers_started(), 3u);
  EXPECT_EQ(outcomes[0].fate(), Fate::expired);
  EXPECT_EQ(outcomes[1].fate(), Fate::finished);
  EXPECT_EQ(outcomes[2].fate(), Fate::expired);
  EXPECT_EQ(outcomes[3].fate(), Fate::expired);
  EXPECT_EQ(outcomes[4].fate(), Fate::refused);
  EXPECT_EQ(batch.unfinished(), (Tasks{0, 2, 3, 4}));
}

TEST_F(BatchTaskLimit, SaysThatNoWorkerIsLeft) {
  Batch& batch = this->batch({.parallelism = 1, .stuck = 0});
  EXPECT_THROW(batch.run(first(1), [&](std::size_t) { get_stuck(); }),
               BatchExpired);
  try {
    batch.run(first(2), [](std::size_t) {});
    FAIL() << "nothing was thrown";
  } catch (const BatchExpired& error) {
    EXPECT_STREQ(error.what(),
                 "no worker is left (stuck: 1); unfinished: 0, 1");
  }
}

TEST_F(BatchTaskLimit, SaysThatAnIteratorHadMoreWhenNoWorkerWasLeft) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn, .stuck = 0});
  const Tasks tasks = first(100);
  std::vector<Fate> told;
  batch.run(
      tasks.begin(), tasks.end(), [&](std::size_t) { get_stuck(); },
      [&](std::size_t, Outcome<void>& outcome) {
        told.push_back(outcome.fate());
      });
  EXPECT_EQ(told, (std::vector{Fate::expired, Fate::refused, Fate::refused}));
  EXPECT_FALSE(batch.saw_end());
}

// Half of the time passes before task 11 begins, and half while it runs: only
// task 0 has run too long.
TEST_F(BatchTaskLimit, GoesOnWithTheWorkersThatAreLeft) {
  Batch& batch = this->batch({.parallelism = 2, .on_error = kGoOn, .stuck = 0});
  std::latch half{1};
  const auto outcomes = batch.run(first(20), [&](std::size_t task) {
    if (task == 10) half.wait();
    if (task == 0 || task == 11) clock_.advance(500us);
    if (task != 0) return;
    half.count_down();
    release_.wait();
  });
  EXPECT_EQ(outcomes[0].fate(), Fate::expired);
  for (std::size_t task = 1; task < 20; ++task) {
    EXPECT_TRUE(outcomes[task].ok()) << task;
  }
  EXPECT_EQ(batch.workers_started(), 2u);
  let_go();  // it refers to `half`
}

TEST_F(BatchTaskLimit, HasItsPlacesAgainWhenStuckWorkersReturn) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn, .stuck = 0});
  batch.run(first(1), [&](std::size_t) { get_stuck(); });
  EXPECT_EQ(batch.run(first(1), [](std::size_t) {})[0].fate(), Fate::refused);
  let_go();
  EXPECT_TRUE(batch.run(first(1), [](std::size_t) {})[0].ok());
}

TEST_F(BatchTaskLimit, TellsAnOutcomeOnceAndDropsTheLateResult) {
  Batch& batch = this->batch({.parallelism = 1, .on_error = kGoOn});
  Tasks told(3);
  batch.run(
      first(3),
      [&](std::size_t task) {
        if (task == 0) get_stuck();
        if (task == 1) let_go();
        return task;
      },
      [&](std::size_t task, Outcome<std::size_t>&) { ++told[task]; });
  EXPECT_EQ(told, (Tasks{1, 1, 1}));
  EXPECT_EQ(batch.error_count(), 1u);
}

// Everything the worker touches when it returns has lost its other owners:
// AddressSanitizer sees it if there is one that the worker does not own.
TEST_F(BatchTaskLimit, LeavesNoDanglingReferenceWithAStuckWorker) {
  const auto release = std::make_shared<std::latch>(1);
  auto text = std::make_shared<std::string>(100, 'x');
  const std::weak_ptr<std::string> seen = text;
  {
    Batch batch({.on_error = kGoOn, .limit = 2ms, .task_limit = 1ms}, clock_);
    batch.run(std::vector<std::string>(8, std::string(100, 'y')),
              [this, release, text = std::move(text)](const std::string& task) {
                clock_.advance(1ms);
                release->wait();
                return task + *text;
              });
  }
  EXPECT_FALSE(seen.expired());
  release->count_down();
  while (!seen.expired()) std::this_thread::yield();
}

}  // namespace
}  // namespace rp
