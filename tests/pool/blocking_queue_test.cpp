#include "pool/blocking_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <latch>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace rp {
namespace {

std::vector<int> all_of(BlockingQueue<int>& queue) {
  std::vector<int> items;
  while (auto item = queue.try_pop()) items.push_back(*item);
  return items;
}

TEST(BlockingQueue, RefusesACapacityOfZero) {
  EXPECT_THROW(BlockingQueue<int>{0}, std::invalid_argument);
}

TEST(BlockingQueue, GivesItemsInTheOrderInWhichTheyCame) {
  BlockingQueue<int> queue{3};
  for (int i = 1; i <= 3; ++i) queue.push(int{i});
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), 3);
}

TEST(BlockingQueue, TakesAsManyAsItsCapacityAndRefusesOneMore) {
  BlockingQueue<int> queue{2};
  EXPECT_TRUE(queue.try_push(1));
  EXPECT_TRUE(queue.try_push(2));
  EXPECT_FALSE(queue.try_push(3));
  EXPECT_EQ(queue.size(), 2u);
  EXPECT_EQ(queue.capacity(), 2u);
}

TEST(BlockingQueue, LeavesARefusedItemAsItWas) {
  BlockingQueue<std::unique_ptr<int>> queue{1};
  queue.push(std::make_unique<int>(1));
  auto refused = std::make_unique<int>(2);
  EXPECT_FALSE(queue.try_push(std::move(refused)));
  ASSERT_NE(refused, nullptr);
  queue.poison();
  EXPECT_FALSE(queue.push(std::move(refused)));
  EXPECT_NE(refused, nullptr);
}

TEST(BlockingQueue, TryPopNeverWaits) {
  BlockingQueue<int> queue{1};
  EXPECT_EQ(queue.try_pop(), std::nullopt);
  queue.push(1);
  EXPECT_EQ(queue.try_pop(), 1);
}

TEST(BlockingQueue, PushWaitsForRoom) {
  BlockingQueue<int> queue{1};
  std::thread producer{[&] {
    for (int i = 0; i < 1000; ++i) queue.push(int{i});
  }};
  for (int i = 0; i < 1000; ++i) {
    EXPECT_LE(queue.size(), 1u);
    EXPECT_EQ(queue.pop(), i);
  }
  producer.join();
}

TEST(BlockingQueue, TakesManyTogetherAllOrNothing) {
  BlockingQueue<int> queue{4};
  queue.push(1);
  std::vector<int> four{2, 3, 4, 5};
  EXPECT_FALSE(queue.try_push_all(four));
  EXPECT_EQ(four, (std::vector{2, 3, 4, 5}));
  EXPECT_EQ(queue.size(), 1u);
  std::vector<int> three{2, 3, 4};
  EXPECT_TRUE(queue.try_push_all(three));
  EXPECT_TRUE(three.empty());
  EXPECT_EQ(all_of(queue), (std::vector{1, 2, 3, 4}));
}

TEST(BlockingQueue, ServesWhatWasQueuedBeforeThePill) {
  BlockingQueue<int> queue{2};
  queue.push(1);
  queue.push(2);
  queue.poison();
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt) << "the pill stays in";
}

TEST(BlockingQueue, TakesNothingAfterThePill) {
  BlockingQueue<int> queue{2};
  queue.poison();
  std::vector<int> some{1};
  EXPECT_FALSE(queue.try_push(1));
  EXPECT_FALSE(queue.push(1));
  EXPECT_FALSE(queue.try_push_all(some));
  EXPECT_EQ(some.size(), 1u);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(BlockingQueue, DismissalsComeBeforeItems) {
  BlockingQueue<int> queue{1};
  queue.push(7);
  queue.dismiss(2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), 7);
}

TEST(BlockingQueue, TakesOutTheFirstItemThatMatches) {
  BlockingQueue<int> queue{4};
  for (int i = 1; i <= 4; ++i) queue.push(int{i});
  const auto is_even = [](int item) { return item % 2 == 0; };
  EXPECT_EQ(queue.take_if(is_even), 2);
  EXPECT_EQ(queue.take_if([](int item) { return item > 9; }), std::nullopt);
  EXPECT_EQ(all_of(queue), (std::vector{1, 3, 4}));
}

TEST(BlockingQueue, TakesOutAll) {
  BlockingQueue<int> queue{3};
  for (int i = 1; i <= 3; ++i) queue.push(int{i});
  EXPECT_EQ(queue.take_all(), (std::deque{1, 2, 3}));
  EXPECT_EQ(queue.size(), 0u);
}

TEST(BlockingQueue, TakingOutMakesRoomForAWaitingProducer) {
  BlockingQueue<int> queue{1};
  queue.push(1);
  std::thread producer{[&] {
    queue.push(2);
    queue.push(3);
  }};
  EXPECT_EQ(queue.take_if([](int item) { return item == 1; }), 1);
  while (queue.size() == 0) std::this_thread::yield();
  EXPECT_EQ(queue.take_all(), std::deque{2});
  EXPECT_EQ(queue.pop(), 3);
  producer.join();
}

class BlockingQueueThreads : public testing::TestWithParam<std::size_t> {
 protected:
  std::size_t count() const { return GetParam(); }

  template <class F>
  std::vector<std::thread> start(F run) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count(); ++i) threads.emplace_back(run);
    return threads;
  }

  static void join(std::vector<std::thread>& threads) {
    for (std::thread& thread : threads) thread.join();
  }
};

// Each consumer holds its item until all have one.
TEST_P(BlockingQueueThreads, ManyItemsWakeAsManyConsumers) {
  BlockingQueue<int> queue{count()};
  std::latch all_have_one{static_cast<std::ptrdiff_t>(count())};
  auto consumers = start([&] {
    if (queue.pop()) all_have_one.arrive_and_wait();
  });
  std::vector<int> items(count(), 1);
  EXPECT_TRUE(queue.try_push_all(items));
  join(consumers);
  EXPECT_TRUE(all_have_one.try_wait());
}

TEST_P(BlockingQueueThreads, ConsumersWaitNoLongerThanTheyWant) {
  BlockingQueue<int> queue{1};
  const TimePoint soon = SteadyClock().now() + std::chrono::milliseconds(5);
  auto consumers = start([&] {
    EXPECT_EQ(queue.pop_until(soon), std::nullopt);
    EXPECT_GE(SteadyClock().now(), soon);
  });
  join(consumers);
}

TEST_P(BlockingQueueThreads, ConsumersThatWaitAWhileAreGivenWhatComes) {
  BlockingQueue<int> queue{64};
  auto consumers = start([&] {
    const TimePoint late = SteadyClock().now() + std::chrono::hours(1);
    EXPECT_EQ(queue.pop_until(late), 7);
  });
  for (std::size_t i = 0; i < count(); ++i) queue.push(7);
  join(consumers);
}

TEST_P(BlockingQueueThreads, EveryConsumerMeetsThePill) {
  BlockingQueue<int> queue{1};
  std::atomic<std::size_t> left = 0;
  auto consumers = start([&] {
    if (queue.pop() == std::nullopt) ++left;
  });
  queue.poison();
  join(consumers);
  EXPECT_EQ(left, count());
}

TEST_P(BlockingQueueThreads, WaitingProducersAreToldOfThePill) {
  BlockingQueue<int> queue{1};
  queue.push(0);
  std::atomic<std::size_t> told = 0;
  auto producers = start([&] {
    if (!queue.push(1)) ++told;
  });
  queue.poison();
  join(producers);
  EXPECT_EQ(told, count());
  EXPECT_EQ(all_of(queue), std::vector{0});
}

TEST_P(BlockingQueueThreads, WaitingConsumersAreSentHome) {
  BlockingQueue<int> queue{1};
  auto consumers = start([&] { EXPECT_EQ(queue.pop(), std::nullopt); });
  queue.dismiss(count());
  join(consumers);
  queue.push(1);
  EXPECT_EQ(queue.pop(), 1) << "each dismissal is for one";
}

TEST_P(BlockingQueueThreads, NoItemIsLostOrGivenTwice) {
  constexpr int kItems = 1000;
  BlockingQueue<int> queue{3};
  std::vector<std::atomic<int>> seen(kItems);
  std::atomic<int> next = 0;
  auto consumers = start([&] {
    while (auto item = queue.pop()) ++seen[static_cast<std::size_t>(*item)];
  });
  auto producers = start([&] {
    for (int item = next++; item < kItems; item = next++) {
      queue.push(int{item});
    }
  });
  join(producers);
  queue.poison();
  join(consumers);
  for (const auto& times : seen) ASSERT_EQ(times, 1);
}

INSTANTIATE_TEST_SUITE_P(Threads, BlockingQueueThreads,
                         testing::Values(1, 2, 8, 64), [](const auto& test) {
                           return std::to_string(test.param) + "Threads";
                         });

}  // namespace
}  // namespace rp
