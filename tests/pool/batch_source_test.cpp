#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "pool/batch.h"
#include "tests/support/no_threads.h"

namespace rp {
namespace {

// The numbers up to a last one; tells when one of them is taken.
class Taken {
 public:
  using value_type = int;
  using difference_type = std::ptrdiff_t;

  Taken(int last, std::function<void(int)> tell)
      : last_(last), tell_(std::move(tell)) {}
  int operator*() const {
    tell_(next_);
    return next_;
  }
  Taken& operator++() {
    ++next_;
    return *this;
  }
  void operator++(int) { ++next_; }
  bool operator==(std::default_sentinel_t) const { return next_ > last_; }

 private:
  int next_ = 0;
  int last_;
  std::function<void(int)> tell_;
};

class BatchSourceTest : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t workers() const { return GetParam(); }
  Batch batch_{{.parallelism = GetParam()}};
  Taken up_to(int last) {
    return {last, [this](int) { ++open_; }};
  }
  std::atomic<int> open_ = 0;  // taken and not told
};

INSTANTIATE_TEST_SUITE_P(Workers, BatchSourceTest, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

TEST_P(BatchSourceTest, HoldsNoMoreTasksThanItsWindow) {
  int most = 0;
  long sum = 0;
  const auto count = [&](int number) {
    return std::pair{number, open_.load()};
  };
  batch_.run(up_to(9'999), std::default_sentinel, count,
             [&](std::size_t, Outcome<std::pair<int, int>>& outcome) {
               sum += outcome.value().first;
               most = std::max({most, outcome.value().second, open_.load()});
               --open_;
             });
  EXPECT_EQ(sum, 49'995'000);
  EXPECT_LE(most, static_cast<int>(2 * workers()));
  EXPECT_EQ(open_, 0);
}

TEST_P(BatchSourceTest, FillsItsWindowBeforeItWaits) {
  const auto wanted = static_cast<int>(2 * workers());
  const auto action = [&](int) {
    while (open_ < wanted) std::this_thread::yield();
  };
  batch_.run(up_to(wanted - 1), std::default_sentinel, action,
             [](std::size_t, Outcome<void>&) {});
  EXPECT_EQ(open_, wanted);
}

TEST_P(BatchSourceTest, StartsNoMoreWorkersThanThereAreTasks) {
  batch_.run(
      up_to(0), std::default_sentinel, [](int) {},
      [](std::size_t, Outcome<void>&) {});
  EXPECT_EQ(batch_.workers_started(), 1u);
  batch_.run(
      up_to(-1), std::default_sentinel, [](int) {},
      [](std::size_t, Outcome<void>&) {});
  EXPECT_EQ(batch_.workers_started(), 0u);
}

TEST_P(BatchSourceTest, ThrowsWhatItsIteratorThrows) {
  std::atomic<std::size_t> ended = 0;
  const auto no_thirteenth = [](int number) {
    if (number == 13) throw std::runtime_error("no thirteenth");
  };
  EXPECT_THROW(batch_.run(
                   Taken(20, no_thirteenth), std::default_sentinel,
                   [&](int) { ++ended; }, [](std::size_t, Outcome<void>&) {}),
               std::runtime_error);
  EXPECT_EQ(batch_.unfinished().size() + ended, 13u);
}

TEST_P(BatchSourceTest, ThrowsWhatACallbackThrowsAndStartsNothingMore) {
  std::atomic<std::size_t> started = 0;
  const auto action = [&](int number, std::stop_token token) {
    ++started;
    while (number > 0 && !token.stop_requested()) std::this_thread::yield();
  };
  int told = 0;
  const auto callback = [&](std::size_t, Outcome<void>&) {
    ++told;
    while (started <= workers()) std::this_thread::yield();
    throw std::runtime_error("enough");
  };
  EXPECT_THROW(
      batch_.run(up_to(9'999), std::default_sentinel, action, callback),
      std::runtime_error);
  EXPECT_EQ(told, 1);
  // The first is over when the callback is called, and one more has started.
  EXPECT_EQ(started, workers() + 1);
}

TEST(BatchSource, SaysWhenAThreadCannotBeStarted) {
  const NoThreads no_threads;
  Batch batch{{.parallelism = 2}};
  try {
    batch.run(std::vector{1, 2}, [](int) {});
    FAIL() << "it started";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()).find("start a worker thread"), 0u);
  }
  EXPECT_EQ(batch.workers_started(), 0u);
}

TEST(BatchSource, LeavesNoWorkerBehindWhenTheSecondCannotBeStarted) {
  std::optional<NoThreads> no_threads;
  const Taken second_alone(1, [&](int number) {
    if (number == 1) no_threads.emplace();
  });
  std::atomic<int> at_work = 0;
  std::atomic<bool> second_ran = false;
  const auto action = [&](int number, std::stop_token token) {
    ++at_work;
    if (number == 1) second_ran = true;
    while (!second_ran && !token.stop_requested()) std::this_thread::yield();
    --at_work;
  };
  Batch batch{{.parallelism = 2}};
  EXPECT_THROW(batch.run(second_alone, std::default_sentinel, action,
                         [](std::size_t, Outcome<void>&) {}),
               std::system_error);
  EXPECT_EQ(at_work, 0);
  EXPECT_FALSE(second_ran);
  EXPECT_EQ(batch.workers_started(), 1u);
}

TEST(BatchSource, MayBeReadOnlyOnce) {
  std::istringstream words("a bb ccc");
  std::vector<std::size_t> sizes(3);
  Batch batch{{.parallelism = 2}};
  batch.run(
      std::istream_iterator<std::string>(words),
      std::istream_iterator<std::string>(),
      [](const std::string& word) { return word.size(); },
      [&](std::size_t task, Outcome<std::size_t>& outcome) {
        sizes[task] = outcome.value();
      });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 2, 3}));
}

TEST(BatchSource, GivesItsResultsAway) {
  std::vector<std::unique_ptr<int>> kept(2);
  const std::vector<int> tasks{7, 8};
  Batch batch{{.parallelism = 2}};
  batch.run(
      tasks.begin(), tasks.end(),
      [](int number) { return std::make_unique<int>(number); },
      [&](std::size_t task, Outcome<std::unique_ptr<int>>& outcome) {
        kept[task] = std::move(outcome).value();
      });
  EXPECT_EQ(*kept[0], 7);
  EXPECT_EQ(*kept[1], 8);
}

TEST(BatchSource, NamesTheUnfinishedThatItHasGiven) {
  std::size_t taken = 0;
  Batch batch{{.parallelism = 1}};
  const auto fails = [](int) { throw 1; };
  EXPECT_THROW(
      batch.run(Taken(9'999, [&](int) { ++taken; }), std::default_sentinel,
                fails, [](std::size_t, Outcome<void>&) {}),
      int);
  EXPECT_EQ(batch.unfinished().size() + 1, taken);
}

}  // namespace
}  // namespace rp
