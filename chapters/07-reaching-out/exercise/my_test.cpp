#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>

#include "reactor/reactor.h"
#include "reactor/signals.h"

namespace rp {
namespace {

// Exercise 7.5: a handler that spoils errno passes this, for its write has not
// failed. When does it? (The loop's end of the pipe is reactor.find(id)->fd().)
TEST(MyTest, ASignalLeavesErrnoAlone) {
  Reactor reactor;
  Signals::start(reactor, {SIGUSR1}, [](int) {});
  errno = 77;
  ::raise(SIGUSR1);
  EXPECT_EQ(errno, 77);
}

}  // namespace
}  // namespace rp
