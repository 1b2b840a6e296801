#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/unique_fd.h"

namespace rp {
namespace {

// Exercise 4.5: let the peer finish sending while our end waits to write and
// cannot. A poller must not report it.
TEST(MyTest, AWriterSleepsOnWhenItsPeerHasOnlyFinishedSending) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  const UniqueFd ours{ends[0]};
  const UniqueFd peer{ends[1]};
  EpollPoller poller;
  std::vector<Ready> ready;
  poller.wait(Duration::zero(), ready);
  EXPECT_EQ(ready, std::vector<Ready>{});
}

}  // namespace
}  // namespace rp
