#include <gtest/gtest.h>
#include <sys/socket.h>

#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/unique_fd.h"

namespace rp {
namespace {

TEST(MyTest, AWriterSleepsOnWhenItsPeerHasOnlyFinishedSending) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
  const UniqueFd ours{ends[0]};
  const UniqueFd peer{ends[1]};
  while (::send(ours.get(), "x", 1, MSG_NOSIGNAL) > 0) {
  }
  EpollPoller poller;
  poller.add(ours.get(), {1, 1}, Interest::writing());
  ::shutdown(peer.get(), SHUT_WR);
  std::vector<Ready> ready;
  poller.wait(Duration::zero(), ready);
  EXPECT_EQ(ready, std::vector<Ready>{});
}

}  // namespace
}  // namespace rp
