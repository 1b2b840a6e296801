#include "pool/batch_error.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "pool/batch.h"
#include "tests/support/fake_clock.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::vector<int> numbers(std::size_t count) {
  std::vector<int> all(count);
  std::iota(all.begin(), all.end(), 0);
  return all;
}

class FailingBatch : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t workers() const { return GetParam(); }
  Batch stopping_{{.parallelism = GetParam(), .on_error = OnError::stop}};
  Batch going_{{.parallelism = GetParam(), .on_error = OnError::keep_going}};
};

INSTANTIATE_TEST_SUITE_P(Workers, FailingBatch, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

// The first task fails when every worker has one; the others wait until they
// are asked to stop.
TEST_P(FailingBatch, StartsNoTaskAfterTheFirstError) {
  std::atomic<std::size_t> started = 0;
  const auto action = [&](int number, std::stop_token token) {
    ++started;
    while (number == 0 && started < workers()) std::this_thread::yield();
    if (number == 0) throw std::runtime_error("no");
    while (!token.stop_requested()) std::this_thread::yield();
  };
  EXPECT_THROW(stopping_.run(numbers(1'000), action), std::runtime_error);
  EXPECT_EQ(started, workers());
  EXPECT_EQ(stopping_.unfinished().size(), 1'000 - workers());
}

TEST_P(FailingBatch, HasNoWorkerLeftWhenItStops) {
  static std::atomic<int> present = 0;
  struct Present {
    Present() { ++present; }
    ~Present() { --present; }
  };
  EXPECT_THROW(stopping_.run(numbers(1'000),
                             [](int number) {
                               thread_local Present here;
                               if (number == 100) throw 1;
                             }),
               int);
  EXPECT_EQ(present, 0);
  EXPECT_EQ(stopping_.stuck(), 0u);
}

TEST_P(FailingBatch, ThrowsTheOriginalErrorAndTellsWhereItCameFrom) {
  struct Refused : std::out_of_range {
    using out_of_range::out_of_range;
    int port = 7000;
  };
  try {
    stopping_.run(numbers(3), [](int number) {
      if (number == 1) throw Refused("refused");
    });
    FAIL() << "nothing was thrown";
  } catch (const Refused& error) {
    EXPECT_EQ(error.port, 7000);
  }
  const BatchError* first = stopping_.first_error();
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->task, 1u);
  EXPECT_LT(first->worker, stopping_.workers_started());
  EXPECT_NE(first->type.find("Refused"), std::string::npos);
  EXPECT_EQ(first->message, "refused");
}

TEST_P(FailingBatch, HasAFailedOutcomeForEachTaskIfAllThrow) {
  const auto fails = [](int number) -> std::string {
    throw std::runtime_error(std::to_string(number));
  };
  const auto outcomes = going_.run(numbers(200), fails);
  ASSERT_EQ(outcomes.size(), 200u);
  for (std::size_t task = 0; task < 200; ++task) {
    ASSERT_EQ(outcomes[task].fate(), Fate::failed);
    ASSERT_EQ(outcomes[task].message(), std::to_string(task));
  }
  EXPECT_EQ(going_.error_count(), 200u);
  EXPECT_TRUE(going_.unfinished().empty());
}

// The last tasks wait until as many workers as there were have one each.
TEST_P(FailingBatch, LosesNoWorkerToAnError) {
  std::latch all_alive{static_cast<std::ptrdiff_t>(workers())};
  const std::size_t failing = 3 * workers();
  const auto outcomes =
      going_.run(numbers(failing + workers()), [&](int number) {
        if (static_cast<std::size_t>(number) < failing) throw number;
        all_alive.arrive_and_wait();
      });
  EXPECT_EQ(going_.workers_started(), workers());
  EXPECT_EQ(going_.error_count(), failing);
  EXPECT_TRUE(outcomes.back().ok());
}

TEST_P(FailingBatch, TellsAFailureFromAnEmptyResult) {
  const auto outcomes = going_.run(numbers(2), [](int number) {
    if (number == 1) throw std::runtime_error("failed");
    return std::vector<int>();
  });
  EXPECT_EQ(outcomes[0].fate(), Fate::finished);
  EXPECT_TRUE(outcomes[0].value().empty());
  EXPECT_EQ(outcomes[1].fate(), Fate::failed);
  EXPECT_THROW(outcomes[1].value(), std::runtime_error);
}

TEST_P(FailingBatch, ReportsTheErrorOfItsLastTask) {
  const auto last_fails = [](int number) {
    if (number == 99) throw std::runtime_error("the last");
    return number;
  };
  EXPECT_THROW(stopping_.run(numbers(100), last_fails), std::runtime_error);
  EXPECT_EQ(stopping_.first_error()->task, 99u);
  const auto outcomes = going_.run(numbers(100), last_fails);
  EXPECT_EQ(outcomes[98].value(), 98);
  EXPECT_EQ(outcomes[99].message(), "the last");
}

struct Silent : std::exception {
  const char* what() const noexcept override { return ""; }
};

TEST_P(FailingBatch, TakesAnErrorWithoutAMessageForAnOrdinaryOne) {
  const auto fails = [](int) { throw Silent(); };
  EXPECT_THROW(stopping_.run(numbers(100), fails), Silent);
  EXPECT_EQ(stopping_.first_error()->message, "");
  const auto outcomes = going_.run(numbers(100), fails);
  for (const auto& outcome : outcomes) {
    ASSERT_EQ(outcome.fate(), Fate::failed);
    ASSERT_EQ(outcome.message(), "");
  }
}

TEST_P(FailingBatch, TakesWhatIsNoStdExceptionForAnOrdinaryError) {
  const auto fails = [](int number) {
    if (number == 0) throw 7;
    throw std::string("text");
  };
  EXPECT_THROW(stopping_.run(numbers(1), fails), int);
  EXPECT_EQ(stopping_.first_error()->type, "int");
  EXPECT_EQ(stopping_.first_error()->message,
            "an exception that is no std::exception");
  EXPECT_EQ(going_.run(numbers(100), fails)[99].fate(), Fate::failed);
}

// Another one fails once the first failure is known.
TEST(BatchError, KeepsAllInTheOrderInWhichTheyCame) {
  Batch batch{{.parallelism = 2}};
  std::latch told{1};
  const auto action = [&](int number) {
    if (number == 0) told.wait();
    throw number;
  };
  try {
    batch.run(numbers(2), action,
              [&](std::size_t, Outcome<void>&) { told.count_down(); });
  } catch (int thrown) {
    EXPECT_EQ(thrown, 1);
  }
  ASSERT_EQ(batch.errors().size(), 2u);
  EXPECT_EQ(batch.errors()[0].task, 1u);
  EXPECT_EQ(batch.errors()[1].task, 0u);
  EXPECT_EQ(batch.first_error(), &batch.errors()[0]);
}

[[gnu::noinline]] void refuse(int) { throw std::runtime_error("refused"); }

TEST(BatchError, HasTheTraceOfItsThrow) {
  Batch batch{{.on_error = OnError::keep_going}};
  batch.run(numbers(100), refuse);
#ifdef RP_NO_STACK_TRACE
  EXPECT_TRUE(batch.errors()[99].trace.empty());
#else
  EXPECT_NE(batch.errors()[99].trace.to_string().find("#0 rp::(anonymous"),
            std::string::npos)
      << batch.errors()[99].trace.to_string();
  EXPECT_NE(batch.errors()[99].trace.to_string().find("refuse(int)"),
            std::string::npos);
#endif
}

// The object of the first task's error may be where that of the second was.
TEST(BatchError, HasNoTraceOfAnEarlierThrow) {
  Batch batch{{.parallelism = 1, .on_error = OnError::keep_going}};
  batch.run(numbers(100), [](int number) {
    if (number % 2 == 0) {
      EXPECT_THROW(refuse(number), std::runtime_error);
      return;
    }
    const std::runtime_error made("not thrown");
    std::rethrow_exception(std::make_exception_ptr(made));
  });
  ASSERT_EQ(batch.error_count(), 50u);
  for (const auto& error : batch.errors()) ASSERT_TRUE(error.trace.empty());
}

TEST(BatchError, IsForgottenByTheNextRun) {
  Batch batch{{.parallelism = 2}};
  const auto fails = [](int) { throw 1; };
  EXPECT_THROW(batch.run(numbers(5), fails), int);
  batch.run(numbers(5), [](int) {});
  EXPECT_EQ(batch.first_error(), nullptr);
  EXPECT_EQ(batch.error_count(), 0u);
  EXPECT_TRUE(batch.unfinished().empty());
}

TEST(BatchError, IsKeptUpToALimitAndCountedBeyond) {
  const auto kept = [](std::size_t limit, std::size_t failures) {
    Batch batch{{.on_error = OnError::keep_going, .errors_kept = limit}};
    batch.run(numbers(failures), [](int) { throw 1; });
    EXPECT_EQ(batch.error_count(), failures);
    return batch.errors().size();
  };
  EXPECT_EQ(kept(3, 3), 3u);
  EXPECT_EQ(kept(3, 4), 3u);
  EXPECT_EQ(kept(0, 4), 1u) << "the first is what run() would throw";
}

// A clock on which the second worker stands still between taking its task and
// starting it, until the first error has been told.
class SlowClock : public FakeClock {
 public:
  TimePoint now() override {
    if (std::this_thread::get_id() != caller_ && starts_++ == 1) {
      second_is_there_.count_down();
      told_.wait();
    }
    return FakeClock::now();
  }
  void wait_for_second() { second_is_there_.wait(); }
  void tell() {
    if (!told_.try_wait()) told_.count_down();
  }

 private:
  const std::thread::id caller_ = std::this_thread::get_id();
  std::atomic<int> starts_ = 0;
  std::latch second_is_there_{1};
  std::latch told_{1};
};

TEST(BatchError, StopsAWorkerThatHasTakenItsTask) {
  SlowClock clock;
  Batch batch({.parallelism = 2}, clock);
  std::atomic<int> started = 0;
  const auto action = [&](int) {
    ++started;
    clock.wait_for_second();
    throw 1;
  };
  const auto tell = [&](std::size_t, Outcome<void>&) { clock.tell(); };
  EXPECT_THROW(batch.run(numbers(2), action, tell), int);
  EXPECT_EQ(started, 1);
  EXPECT_EQ(batch.unfinished().size(), 1u);
}

TEST(BatchExpiredTest, NamesTenTasksAndCountsTheRest) {
  std::vector<std::size_t> tasks(10);
  std::iota(tasks.begin(), tasks.end(), 1);
  EXPECT_STREQ(BatchExpired(1500ms, tasks).what(),
               "the batch's limit of 1.5 s passed; unfinished: "
               "1, 2, 3, 4, 5, 6, 7, 8, 9, 10");
  tasks.push_back(11);
  EXPECT_STREQ(BatchExpired(20ms, tasks).what(),
               "the batch's limit of 20 ms passed; unfinished: "
               "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 1 more");
  EXPECT_EQ(BatchExpired(20ms, tasks).unfinished(), tasks);
}

}  // namespace
}  // namespace rp
