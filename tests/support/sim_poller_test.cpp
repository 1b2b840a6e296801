#include "tests/support/sim_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/print_ready.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr HandleId kFirst{1, 1};

class SimPollerTest : public testing::Test {
 protected:
  std::vector<Ready> wait(std::optional<Duration> timeout) {
    std::vector<Ready> ready{{kFirst}};
    poller_.wait(timeout, ready);
    return ready;
  }
  Duration elapsed() { return clock_.now() - begin_; }

  FakeClock clock_;
  const TimePoint begin_ = clock_.now();
  SimNetwork network_{clock_, 7};
  SimPoller poller_{network_};
  StreamPair stream_;
};

TEST_F(SimPollerTest, MovesTheClockToTheEndOfTheTimeOut) {
  EXPECT_TRUE(wait(24h).empty());
  EXPECT_EQ(elapsed(), 24h);
}

TEST_F(SimPollerTest, OnlyLooksWhenTheTimeOutIsZero) {
  network_.after(1ns, [] { FAIL() << "time has moved"; });
  EXPECT_TRUE(wait(0s).empty());
  EXPECT_EQ(elapsed(), 0s);
}

TEST_F(SimPollerTest, StopsAtWhatTheNetworkBrings) {
  poller_.add(stream_.ours.get(), kFirst, Interest::reading());
  network_.after(3ms, [this] { stream_.peer_sends("hello"); });
  EXPECT_EQ(wait(1h), (std::vector<Ready>{{kFirst, true, false}}));
  EXPECT_EQ(elapsed(), 3ms);
}

TEST_F(SimPollerTest, DoesWhatIsDueAtTheVeryEndOfTheTimeOut) {
  poller_.add(stream_.ours.get(), kFirst, Interest::reading());
  network_.after(1h, [this] { stream_.peer_sends("hello"); });
  EXPECT_EQ(wait(1h), (std::vector<Ready>{{kFirst, true, false}}));
}

TEST_F(SimPollerTest, ReportsWhatIsReadyBeforeTimeMoves) {
  poller_.add(stream_.ours.get(), kFirst, Interest{true, true});
  stream_.peer_sends("hello");
  EXPECT_EQ(wait(1h), (std::vector<Ready>{{kFirst, true, true}}));
  EXPECT_EQ(elapsed(), 0s);
}

// An empty pipe without a writer hangs up and has nothing to read, a full one
// without a reader is in error and has no room.
TEST_F(SimPollerTest, ShowsAHangUpAsWhatIsWaitedFor) {
  int empty[2], full[2];
  ASSERT_EQ(::pipe(empty) + ::pipe2(full, O_NONBLOCK), 0);
  const UniqueFd reading(empty[0]), writing(full[1]);
  while (::write(writing.get(), "x", 1) == 1) {
  }
  ::close(empty[1]);
  ::close(full[0]);
  poller_.add(reading.get(), kFirst, Interest::reading());
  ASSERT_EQ(wait(1h).size(), 1u);
  EXPECT_TRUE(wait(1h)[0].readable);
  poller_.remove(reading.get());
  poller_.add(writing.get(), kFirst, Interest::writing());
  ASSERT_EQ(wait(1h).size(), 1u);
  EXPECT_TRUE(wait(1h)[0].writable);
}

TEST_F(SimPollerTest, LooksForWhatWasAskedLast) {
  poller_.add(stream_.ours.get(), kFirst, Interest::writing());
  poller_.modify(stream_.ours.get(), kFirst, Interest::reading());
  EXPECT_TRUE(wait(1ms).empty());
  stream_.peer_sends("hello");
  poller_.remove(stream_.ours.get());
  EXPECT_TRUE(wait(1ms).empty());
}

TEST_F(SimPollerTest, RefusesWhatIsWatchedTwiceOrNotAtAll) {
  const int fd = stream_.ours.get();
  EXPECT_THROW(poller_.modify(fd, kFirst, Interest::reading()),
               std::system_error);
  EXPECT_THROW(poller_.remove(fd), std::system_error);
  poller_.add(fd, kFirst, Interest::reading());
  EXPECT_THROW(poller_.add(fd, kFirst, Interest::reading()), std::system_error);
}

TEST_F(SimPollerTest, SaysThatNothingWillEverHappen) {
  EXPECT_THROW(wait(std::nullopt), std::runtime_error);
  EXPECT_THROW(wait(Duration::max()), std::runtime_error);
}

TEST_F(SimPollerTest, BearsTenThousandTurnsAtOneTimeAndNoMore) {
  for (int i = 0; i < 10'000; ++i) wait(0s);
  EXPECT_THROW(wait(0s), std::runtime_error);
  clock_.advance(1ns);
  EXPECT_NO_THROW(wait(0s));
}

TEST(SimPoller, TurnsAReactorThroughAYearAtOnce) {
  FakeClock clock;
  SimNetwork network(clock, 7);
  Reactor reactor(std::make_unique<SimPoller>(network), clock);
  int days = 0;
  reactor.run_every(24h, [&] {
    if (++days == 365) reactor.stop();
  });
  reactor.run();
  EXPECT_EQ(days, 365);
}

}  // namespace
}  // namespace rp
