#include "reactor/epoll_poller.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/select.h>

#include <set>
#include <system_error>
#include <vector>

#include "tests/support/numbered_fd.h"
#include "tests/support/print_ready.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

HandleId id(std::uint32_t slot) { return {slot, 1}; }

TEST(EpollPoller, WatchesDescriptorsBeyondFdSetsize) {
  const UniqueFd high = readable_at(FD_SETSIZE);
  EpollPoller poller;
  poller.add(high.get(), id(5), Interest::reading());
  std::vector<Ready> ready;
  poller.wait(0s, ready);
  EXPECT_EQ(ready, (std::vector<Ready>{{id(5), true, false}}));
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
  // The kernel gives the lowest free number.
  const int next = UniqueFd{::eventfd(0, EFD_CLOEXEC)}.get();
  const EpollPoller poller;
  EXPECT_EQ(::fcntl(next, F_GETFD), FD_CLOEXEC);
}

}  // namespace
}  // namespace rp
