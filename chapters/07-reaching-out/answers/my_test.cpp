#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

#include "reactor/reactor.h"
#include "reactor/signals.h"

namespace rp {
namespace {

// The write of the handler fails when its pipe is full; then, and only then,
// there is an errno that it must not leave behind.
TEST(MyTest, ASignalLeavesErrnoAlone) {
  Reactor reactor;
  const HandleId id = Signals::start(reactor, {SIGUSR1}, [](int) {});
  const int bytes = ::fcntl(reactor.find(id)->fd(), F_GETPIPE_SZ);
  errno = 77;
  for (int i = 0; i <= bytes; ++i) ::raise(SIGUSR1);
  EXPECT_EQ(errno, 77);
}

}  // namespace
}  // namespace rp
