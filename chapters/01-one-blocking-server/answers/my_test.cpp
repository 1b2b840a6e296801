#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "reactor/unique_fd.h"

namespace rp {
namespace {

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(MyTest, AnOwnerThatIsResetTwiceClosesNobodyElse) {
  UniqueFd owner(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  owner.reset();
  const UniqueFd newcomer(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  owner.reset();
  EXPECT_TRUE(is_open(newcomer.get()));
}

}  // namespace
}  // namespace rp
