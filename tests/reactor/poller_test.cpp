#include "reactor/poller.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "reactor/socket.h"
#include "tests/support/faults.h"
#include "tests/support/stream_pair.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

struct Kind {
  const char* name;
  std::unique_ptr<Poller> (*make)();
};

const Kind kSelect{"Select", []() -> std::unique_ptr<Poller> {
                     return std::make_unique<SelectPoller>();
                   }};
const Kind kEpoll{"Epoll", []() -> std::unique_ptr<Poller> {
                    return std::make_unique<EpollPoller>();
                  }};

HandleId id(std::uint32_t slot, std::uint32_t generation = 1) {
  return {slot, generation};
}

bool by_slot(const Ready& a, const Ready& b) { return a.id.slot < b.id.slot; }

class PollerTest : public testing::TestWithParam<Kind> {
 protected:
  // What is ready now, sorted.
  std::vector<Ready> look() { return wait(0s); }

  std::vector<Ready> wait(std::optional<Duration> timeout) {
    std::vector<Ready> ready{{id(99), true, true}};
    poller_->wait(timeout, ready);
    std::sort(ready.begin(), ready.end(), by_slot);
    return ready;
  }

  template <class Call>
  int refusal(Call call) {
    try {
      call();
    } catch (const std::system_error& error) {
      return error.code().value();
    }
    return 0;
  }

  std::unique_ptr<Poller> poller_ = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(Pollers, PollerTest, testing::Values(kSelect, kEpoll),
                         [](const auto& chosen) { return chosen.param.name; });

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

TEST_P(PollerTest, ShowsAHangUpToAReaderAsReadable) {
  StreamPair stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  stream.theirs.reset();
  ASSERT_EQ(look().size(), 1U);
  EXPECT_TRUE(look()[0].readable);
}

TEST_P(PollerTest, ShowsAHangUpToAWriterAsWritable) {
  StreamPair stream;
  stream.fill();
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), Ids{});
  stream.theirs.reset();
  ASSERT_EQ(look().size(), 1U);
  EXPECT_TRUE(look()[0].writable);
}

TEST_P(PollerTest, ShowsAResetToAReaderAndToAWriter) {
  for (const Interest interest : {Interest::reading(), Interest::writing()}) {
    const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
    UniqueFd client = connect_blocking(local_address(listening.get()));
    const UniqueFd server = accept_from(listening.get(), nullptr);
    const linger reset{1, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    client.reset();
    poller_->add(server.get(), id(7), interest);
    const auto ready = wait(std::nullopt);
    ASSERT_EQ(ready.size(), 1U);
    EXPECT_TRUE(interest.read ? ready[0].readable : ready[0].writable);
    poller_->remove(server.get());
  }
}

TEST_P(PollerTest, DoesNotWakeAWriterWhosePeerOnlyFinishedSending) {
  StreamPair stream;
  stream.fill();
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  ::shutdown(stream.theirs.get(), SHUT_WR);
  EXPECT_EQ(look(), Ids{});
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
  int closed = -1;
  closed = StreamPair().ours.get();
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
