#include "reactor/proxy.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/handlers.h"
#include "tests/support/pollers.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// What waits in one direction, at most: the limit and one read.
constexpr std::size_t kLimit = 100'000;
constexpr std::size_t kMost = kLimit + 64 * 1024;

// Two joined ends; left_ and right_ are the peers of the one and the other.
class ProxyOn : public OnBothPollers {
 protected:
  void join(StreamPair one = {}, StreamPair other = {}) {
    left_ = std::move(one.theirs);
    right_ = std::move(other.theirs);
    auto first =
        std::make_unique<ProxyEnd>(std::move(one.ours), Address(), limits_);
    auto second =
        std::make_unique<ProxyEnd>(std::move(other.ours), Address(), limits_);
    ends_ = {first.get(), second.get()};
    ProxyEnd::join(reactor_, std::move(first), std::move(second));
  }

  void after(Duration time, Task task) {
    reactor_.run_after(time, std::move(task));
  }

  bool is_open() const { return reactor_.handlers() > 0; }

  // Sends until nobody takes more; returns how much was taken.
  void keep_sending(UniqueFd& from, std::size_t& sent) {
    reactor_.run_every(1ms, [&] { sent += fill(from.get()); });
  }

  void keep_reading(UniqueFd& to, std::string& got) {
    reactor_.run_every(1ms, [&] { got += read_available(to.get()); });
  }

  static void end_sending(const UniqueFd& peer) {
    ::shutdown(peer.get(), SHUT_WR);
  }

  ProxyLimits limits_{.unsent = kLimit, .connect = 10s, .idle = 0s};
  UniqueFd left_;
  UniqueFd right_;
  std::vector<ProxyEnd*> ends_;
};

RP_ON_BOTH_POLLERS(ProxyOn);

TEST_P(ProxyOn, SendsToEachSideWhatTheOtherSent) {
  join();
  write_all(left_.get(), "question");
  write_all(right_.get(), "answer");
  run_for(1ms);
  EXPECT_EQ(read_available(right_.get()), "question");
  EXPECT_EQ(read_available(left_.get()), "answer");
}

TEST_P(ProxyOn, HoldsABoundedAmountForASideThatNeverReads) {
  join();
  std::size_t sent = 0;
  std::size_t most = 0;
  keep_sending(left_, sent);
  reactor_.run_every(1ms, [&] { most = std::max(most, ends_[1]->unsent()); });
  run_for(1s);
  EXPECT_GT(most, kLimit);
  EXPECT_LE(most, kMost);
}

TEST_P(ProxyOn, DoesNotSpinWhileASideDoesNotRead) {
  join();
  std::size_t sent = 0;
  keep_sending(left_, sent);
  run_for(1s);
  EXPECT_LE(poller_->waits(), 1100u);
}

TEST_P(ProxyOn, LosesNothingToASideThatReadsLate) {
  join();
  std::string got;
  std::size_t sent = 0;
  for (auto i = 0ms; i < 50ms; i += 1ms) {
    after(i, [&] { sent += fill(left_.get()); });
  }
  after(60ms, [&] { keep_reading(right_, got); });
  run_for(200ms);
  EXPECT_GT(sent, kMost);
  EXPECT_EQ(got.size(), sent);
}

// Both send before either reads: only a proxy that couples the directions
// would stand still.
TEST_P(ProxyOn, HoldsUpOneDirectionAlone) {
  join();
  std::size_t sent = 0;
  std::string got;
  keep_sending(left_, sent);
  after(50ms, [&] { write_all(right_.get(), "the other way"); });
  after(99ms, [&] { EXPECT_GT(ends_[1]->unsent(), kLimit); });
  run_for(100ms);
  EXPECT_EQ(read_available(left_.get()), "the other way");
}

TEST_P(ProxyOn, HandsTheEndOfOneDirectionOnAfterItsBytes) {
  join();
  write_all(left_.get(), std::string(50'000, 'x'));
  end_sending(left_);
  std::string got;
  keep_reading(right_, got);
  run_for(10ms);
  EXPECT_EQ(got.size(), 50'000u);
  EXPECT_TRUE(at_end(right_.get()));
}

TEST_P(ProxyOn, KeepsTheOtherDirectionWhenOneHasEnded) {
  join();
  end_sending(left_);
  after(10ms, [&] { write_all(right_.get(), "late answer"); });
  run_for(20ms);
  EXPECT_EQ(read_available(left_.get()), "late answer");
}

TEST_P(ProxyOn, HandsAnEndOnThatWaitsBehindUnreadBytes) {
  join();
  std::size_t sent = 0;
  std::string got;
  for (auto i = 0ms; i < 20ms; i += 1ms) {
    after(i, [&] { sent += fill(left_.get()); });
  }
  after(30ms, [&] { end_sending(left_), end_sending(right_); });
  after(40ms, [&] { keep_reading(right_, got); });
  run_for(200ms);
  EXPECT_EQ(got.size(), sent);
  EXPECT_FALSE(is_open());
}

TEST_P(ProxyOn, IsGoneWhenBothDirectionsHaveEnded) {
  join();
  end_sending(left_);
  after(10ms, [&] { EXPECT_TRUE(is_open()); });
  after(20ms, [&] { end_sending(right_); });
  after(21ms, [&] { EXPECT_FALSE(is_open()); });
  run_for(30ms);
  EXPECT_TRUE(at_end(left_.get()));
}

TEST_P(ProxyOn, IsLeftAloneByADrainUntilItsSidesEnd) {
  join();
  std::string got;
  after(1ms, [&] { reactor_.drain(10s); });
  after(20ms, [&] { write_all(left_.get(), "still there"); });
  after(30ms, [&] { got = read_available(right_.get()); });
  after(40ms, [&] { left_.reset(), right_.reset(); });
  const TimePoint begin = clock_.now();
  reactor_.run();
  EXPECT_EQ(got, "still there");
  EXPECT_LT(clock_.now() - begin, 1s);
}

TEST_P(ProxyOn, IsClosedWhenNothingMovesForItsIdleTime) {
  limits_.idle = 20s;
  join();
  after(10s, [&] { write_all(left_.get(), "x"); });
  after(30s - 1ns, [&] { EXPECT_TRUE(is_open()); });
  after(35s, [&] { EXPECT_FALSE(is_open()); });
  run_for(40s);
}

TEST_P(ProxyOn, EndsTheOtherSideAfterItsBytesWhenItsProgramClosesOne) {
  join();
  std::size_t sent = 0;
  std::string got;
  for (auto i = 0ms; i < 20ms; i += 1ms) {
    after(i, [&] { sent += fill(left_.get()); });
  }
  std::size_t owed = 0;
  const int little = 4096;  // the kernel takes no more at once
  ::setsockopt(ends_[1]->fd(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  after(30ms, [&] {
    ends_[0]->close();
    owed = ends_[1]->unsent();
    read_available(right_.get());  // what the kernel has already
    keep_reading(right_, got);
  });
  after(50ms, [&] { EXPECT_TRUE(at_end(right_.get())); });
  run_for(60ms);
  EXPECT_GT(owed, kLimit);
  EXPECT_EQ(got.size(), owed);
}

}  // namespace
}  // namespace rp
