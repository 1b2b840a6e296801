#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <thread>
#include <vector>

#include "reactor/mailbox.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kThreads = 8;
constexpr int kPosts = 100'000;

// Eight threads post while one callback keeps the loop from doing anything;
// it waits for them, so a post that waited for the loop would never return.
class Flood : public OnBothPollers {
 protected:
  void post_all(std::size_t thread) {
    for (int i = 0; i < kPosts; ++i) {
      mailbox_.post([this, thread, i] {
        in_order_ = in_order_ && next_[thread] == i;
        ++next_[thread];
      });
    }
  }

  void stall_until_all_is_posted() {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([this, i] { post_all(i); });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(next_, (std::array<int, kThreads>{}));
  }

  void run_flooded() {
    reactor_.run_after(0s, [this] { stall_until_all_is_posted(); });
    run_for(1ms);
  }

  Mailbox mailbox_{reactor_};
  std::array<int, kThreads> next_{};
  bool in_order_ = true;
};

RP_ON_BOTH_POLLERS(Flood);

TEST_P(Flood, NeitherBlocksItsEightThreadsNorLosesATask) {
  run_flooded();
  std::array<int, kThreads> all;
  all.fill(kPosts);
  EXPECT_EQ(next_, all);
}

TEST_P(Flood, KeepsTheOrderOfEachThread) {
  run_flooded();
  EXPECT_TRUE(in_order_);
}

TEST_P(Flood, IsServedInOneTick) {
  run_flooded();
  // The stalled tick, the one that finds nothing left, and the stop.
  EXPECT_EQ(reactor_.stats().ticks, 3u);
}

}  // namespace
}  // namespace rp
