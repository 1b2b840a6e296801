#include "reactor/poller.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <thread>
#include <vector>

#include "tests/support/faults.h"
#include "tests/support/poller_fixture.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using PollerTest = PollerFixture;
RP_ON_BOTH_POLLERS_ALONE(PollerTest);

using Ids = std::vector<Ready>;

TEST_P(PollerTest, ReportsWhatCanBeRead) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7, 3), Interest::reading());
  EXPECT_EQ(look(), Ids{});
  stream.peer_sends("hello");
  EXPECT_EQ(look(), (Ids{{id(7, 3), true, false}}));
}

TEST_P(PollerTest, ReportsAgainWhatWasLeftUnread) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  stream.peer_sends("xy");
  look();
  char byte;
  EXPECT_EQ(::recv(stream.ours.get(), &byte, 1, 0), 1);
  EXPECT_EQ(look().size(), 1U);
  EXPECT_EQ(::recv(stream.ours.get(), &byte, 1, 0), 1);
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, ReportsWhatCanBeWrittenUntilItIsFull) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), (Ids{{id(7), false, true}}));
  stream.fill();
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, ReportsBothAtOnce) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7), {true, true});
  EXPECT_EQ(look(), (Ids{{id(7), true, true}}));
}

TEST_P(PollerTest, ReportsOnlyWhatAHandleWaitsForNow) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  poller_->modify(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), (Ids{{id(7), false, true}}));
  poller_->modify(stream.ours.get(), id(7), Interest::reading());
  EXPECT_EQ(look(), (Ids{{id(7), true, false}}));
}

TEST_P(PollerTest, ReportsNothingOfWhatWasRemoved) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  poller_->remove(stream.ours.get());
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, GoesOnWatchingTheOthersWhenOneIsRemoved) {
  std::vector<StreamPair> streams(3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    poller_->add(streams[i].ours.get(), id(i), Interest::reading());
    streams[i].peer_sends("x");
  }
  poller_->remove(streams[0].ours.get());
  EXPECT_EQ(look(), (Ids{{id(1), true, false}, {id(2), true, false}}));
  poller_->remove(streams[2].ours.get());
  EXPECT_EQ(look(), (Ids{{id(1), true, false}}));
}

TEST_P(PollerTest, NamesTheNewOwnerOfADescriptorThatIsUsedAgain) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7, 1), Interest::reading());
  poller_->remove(stream.ours.get());
  poller_->add(stream.ours.get(), id(7, 2), Interest::reading());
  EXPECT_EQ(look(), (Ids{{id(7, 2), true, false}}));
}

TEST_P(PollerTest, GivesIdsBackWhole) {
  StreamPair stream;
  stream.peer_sends("x");
  const HandleId greatest{0xffffffff, 0xffffffff};
  poller_->add(stream.ours.get(), greatest, Interest::reading());
  EXPECT_EQ(look(), (Ids{{greatest, true, false}}));
}

TEST_P(PollerTest, ReportsTwentyAtOnce) {
  std::vector<StreamPair> streams(20);
  for (std::uint32_t i = 0; i < 20; ++i) {
    poller_->add(streams[i].ours.get(), id(i), Interest::reading());
    streams[i].peer_sends("x");
  }
  const auto ready = look();
  ASSERT_EQ(ready.size(), 20U);
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_EQ(ready[i].id, id(i));
}

TEST_P(PollerTest, WaitsAtLeastAsLongAsItIsTold) {
  SteadyClock clock;
  for (const Duration timeout : {Duration{100us}, Duration{2500us}}) {
    const TimePoint begin = clock.now();
    EXPECT_EQ(wait(timeout), Ids{});
    EXPECT_GE(clock.now() - begin, timeout);
  }
}

TEST_P(PollerTest, TakesTimeoutsOfAnySize) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  EXPECT_EQ(wait(Duration::max()).size(), 1U);
  EXPECT_EQ(wait(Duration::min()).size(), 1U);
  EXPECT_EQ(wait(std::nullopt).size(), 1U);
}

// 2^32 milliseconds are none in 32 bits.
TEST_P(PollerTest, WaitsThroughATimeoutThatTheKernelCannotHold) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  std::thread peer([&stream] { stream.peer_sends("x"); });
  EXPECT_EQ(wait(std::chrono::milliseconds{1LL << 32}).size(), 1U);
  peer.join();
}

TEST_P(PollerTest, ReportsNothingAfterASignal) {
  StreamPair stream;
  stream.peer_sends("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  Fault fault = Fault::on_any()
                    .epoll_wait({Fault::error(EINTR)})
                    .pselect({Fault::error(EINTR)});
  EXPECT_EQ(wait(std::nullopt), Ids{});
  EXPECT_EQ(wait(std::nullopt).size(), 1U);
  EXPECT_EQ(fault.left(), 1U);
}

TEST_P(PollerTest, ThrowsWhenTheWaitFails) {
  Fault fault = Fault::on_any()
                    .epoll_wait({Fault::error(EBADF)})
                    .pselect({Fault::error(EBADF)});
  EXPECT_EQ(refusal([&] { wait(0s); }), EBADF);
}

TEST_P(PollerTest, RefusesADescriptorThatIsNotOpen) {
  const int closed = StreamPair().ours.get();
  const auto add = [&](int fd) {
    return refusal([&] { poller_->add(fd, id(1), Interest::reading()); });
  };
  EXPECT_EQ(add(closed), EBADF);
  EXPECT_EQ(add(-1), EBADF);
}

TEST_P(PollerTest, RefusesADescriptorTwice) {
  StreamPair stream;
  const auto add = [&] {
    poller_->add(stream.ours.get(), id(1), Interest::reading());
  };
  add();
  EXPECT_EQ(refusal(add), EEXIST);
}

TEST_P(PollerTest, RefusesToChangeOrRemoveWhatItDoesNotWatch) {
  StreamPair stream;
  const int fd = stream.ours.get();
  EXPECT_EQ(refusal([&] {
              poller_->modify(fd, id(1), {true, false});
            }),
            ENOENT);
  EXPECT_EQ(refusal([&] { poller_->remove(fd); }), ENOENT);
}

}  // namespace
}  // namespace rp
