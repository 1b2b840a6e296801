#include "reactor/poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <string>
#include <system_error>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"
#include "reactor/socket.h"
#include "tests/support/faults.h"

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

// Two ends of a stream; `ours` is the one that is watched.
struct Stream {
  Stream() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    ours.reset(fds[0]);
    theirs.reset(fds[1]);
  }

  void fill() {
    const std::string bytes(65536, 'x');
    while (::send(ours.get(), bytes.data(), bytes.size(), 0) > 0) {
    }
  }

  void receive(const char* bytes) {
    ::send(theirs.get(), bytes, std::string(bytes).size(), 0);
  }

  UniqueFd ours;
  UniqueFd theirs;
};

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
  Stream stream;
  poller_->add(stream.ours.get(), id(7, 3), Interest::reading());
  EXPECT_EQ(look(), Ids{});
  stream.receive("hello");
  EXPECT_EQ(look(), (Ids{{id(7, 3), true, false}}));
}

TEST_P(PollerTest, ReportsAgainWhatWasLeftUnread) {
  Stream stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  stream.receive("xy");
  look();
  char byte;
  EXPECT_EQ(::recv(stream.ours.get(), &byte, 1, 0), 1);
  EXPECT_EQ(look().size(), 1U);
  EXPECT_EQ(::recv(stream.ours.get(), &byte, 1, 0), 1);
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, ReportsWhatCanBeWrittenUntilItIsFull) {
  Stream stream;
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), (Ids{{id(7), false, true}}));
  stream.fill();
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, ReportsBothAtOnce) {
  Stream stream;
  stream.receive("x");
  poller_->add(stream.ours.get(), id(7), {true, true});
  EXPECT_EQ(look(), (Ids{{id(7), true, true}}));
}

TEST_P(PollerTest, ReportsOnlyWhatAHandleWaitsForNow) {
  Stream stream;
  stream.receive("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  poller_->modify(stream.ours.get(), id(7), Interest::writing());
  EXPECT_EQ(look(), (Ids{{id(7), false, true}}));
  poller_->modify(stream.ours.get(), id(7), Interest::reading());
  EXPECT_EQ(look(), (Ids{{id(7), true, false}}));
}

TEST_P(PollerTest, ReportsNothingOfWhatWasRemoved) {
  Stream stream;
  stream.receive("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  poller_->remove(stream.ours.get());
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, NamesTheNewOwnerOfADescriptorThatIsUsedAgain) {
  Stream stream;
  stream.receive("x");
  poller_->add(stream.ours.get(), id(7, 1), Interest::reading());
  poller_->remove(stream.ours.get());
  poller_->add(stream.ours.get(), id(7, 2), Interest::reading());
  EXPECT_EQ(look(), (Ids{{id(7, 2), true, false}}));
}

TEST_P(PollerTest, GivesIdsBackWhole) {
  Stream stream;
  stream.receive("x");
  const HandleId greatest{0xffffffff, 0xffffffff};
  poller_->add(stream.ours.get(), greatest, Interest::reading());
  EXPECT_EQ(look(), (Ids{{greatest, true, false}}));
}

TEST_P(PollerTest, ShowsAHangUpToAReaderAsReadable) {
  Stream stream;
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  stream.theirs.reset();
  ASSERT_EQ(look().size(), 1U);
  EXPECT_TRUE(look()[0].readable);
}

TEST_P(PollerTest, ShowsAHangUpToAWriterAsWritable) {
  Stream stream;
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
  Stream stream;
  stream.fill();
  poller_->add(stream.ours.get(), id(7), Interest::writing());
  ::shutdown(stream.theirs.get(), SHUT_WR);
  EXPECT_EQ(look(), Ids{});
}

TEST_P(PollerTest, ReportsTwentyAtOnce) {
  std::vector<Stream> streams(20);
  for (std::uint32_t i = 0; i < 20; ++i) {
    poller_->add(streams[i].ours.get(), id(i), Interest::reading());
    streams[i].receive("x");
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
  Stream stream;
  stream.receive("x");
  poller_->add(stream.ours.get(), id(7), Interest::reading());
  EXPECT_EQ(wait(Duration::max()).size(), 1U);
  EXPECT_EQ(wait(Duration::min()).size(), 1U);
  EXPECT_EQ(wait(std::nullopt).size(), 1U);
}

TEST_P(PollerTest, ReportsNothingAfterASignal) {
  Stream stream;
  stream.receive("x");
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
  closed = Stream().ours.get();
  const auto add = [&](int fd) {
    return refusal([&] { poller_->add(fd, id(1), Interest::reading()); });
  };
  EXPECT_EQ(add(closed), EBADF);
  EXPECT_EQ(add(-1), EBADF);
}

TEST_P(PollerTest, RefusesADescriptorTwice) {
  Stream stream;
  const auto add = [&] {
    poller_->add(stream.ours.get(), id(1), Interest::reading());
  };
  add();
  EXPECT_EQ(refusal(add), EEXIST);
}

TEST_P(PollerTest, RefusesToChangeOrRemoveWhatItDoesNotWatch) {
  Stream stream;
  const int fd = stream.ours.get();
  EXPECT_EQ(refusal([&] {
              poller_->modify(fd, id(1), {true, false});
            }),
            ENOENT);
  EXPECT_EQ(refusal([&] { poller_->remove(fd); }), ENOENT);
}

// A descriptor at the number that is asked for.
UniqueFd at_number(int number) {
  const UniqueFd event{::eventfd(1, EFD_CLOEXEC)};
  UniqueFd fd{::fcntl(event.get(), F_DUPFD_CLOEXEC, number)};
  EXPECT_EQ(fd.get(), number);
  return fd;
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(SelectPoller, WatchesTheLastDescriptorBelowFdSetsize) {
  raise_descriptor_limit();
  const UniqueFd last = at_number(FD_SETSIZE - 1);
  SelectPoller poller;
  poller.add(last.get(), id(5), Interest::reading());
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (Ids{{id(5), true, false}}));
  poller.remove(last.get());
  poller.wait(0s, ready);
  EXPECT_EQ(ready, Ids{});
}

TEST(SelectPoller, RefusesADescriptorAtFdSetsize) {
  raise_descriptor_limit();
  const UniqueFd first_too_high = at_number(FD_SETSIZE);
  SelectPoller poller;
  try {
    poller.add(first_too_high.get(), id(5), Interest::reading());
    FAIL() << "select took a descriptor that it cannot hold";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "select: descriptor 1024 is at or beyond FD_SETSIZE (1024): "
              "Too many open files");
  }
}

TEST(SelectPoller, GoesOnAfterItHasRefusedADescriptor) {
  raise_descriptor_limit();
  const UniqueFd too_high = at_number(FD_SETSIZE);
  Stream stream;
  stream.receive("x");
  SelectPoller poller;
  poller.add(stream.ours.get(), id(1), Interest::reading());
  EXPECT_THROW(poller.add(too_high.get(), id(2), Interest::reading()),
               std::system_error);
  EXPECT_THROW(poller.modify(too_high.get(), id(2), Interest::reading()),
               std::system_error);
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (Ids{{id(1), true, false}}));
}

TEST(EpollPoller, WatchesDescriptorsBeyondFdSetsize) {
  raise_descriptor_limit();
  const UniqueFd high = at_number(FD_SETSIZE);
  EpollPoller poller;
  poller.add(high.get(), id(5), Interest::reading());
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (Ids{{id(5), true, false}}));
}

TEST(EpollPoller, ReportsFourThousandAndNinetySixAtOnceAndThenTheRest) {
  raise_descriptor_limit();
  std::vector<UniqueFd> events;
  EpollPoller poller;
  for (std::uint32_t i = 0; i < 4097; ++i) {
    events.emplace_back(::eventfd(1, EFD_CLOEXEC));
    poller.add(events.back().get(), id(i), Interest::reading());
  }
  std::vector<Ready> ready;
  std::set<std::uint32_t> seen;
  poller.wait(0s, ready);
  EXPECT_EQ(ready.size(), 4096U);
  for (const Ready& each : ready) seen.insert(each.id.slot);
  poller.wait(0s, ready);
  for (const Ready& each : ready) seen.insert(each.id.slot);
  EXPECT_EQ(seen.size(), 4097U);
}

TEST(EpollPoller, RefusesAPlainFile) {
  const UniqueFd file{::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
  EpollPoller poller;
  EXPECT_THROW(poller.add(file.get(), id(1), Interest::reading()),
               std::system_error);
}

TEST(EpollPoller, ClosesOnExec) {
  const UniqueFd probe{::eventfd(0, EFD_CLOEXEC)};
  const int next = probe.get() + 1;
  const EpollPoller poller;
  EXPECT_NE(::fcntl(next, F_GETFD) & FD_CLOEXEC, 0);
}

}  // namespace
}  // namespace rp
