#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "reactor/unique_fd.h"

namespace rp {
namespace {

// Whether a number stands for an open descriptor.
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

// Exercise 1.5: say what an owner that is reset twice must not do. A descriptor
// to own is UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)).
TEST(MyTest, AnOwnerThatIsResetTwice) {
  UniqueFd owner(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_TRUE(is_open(owner.get()));
}

}  // namespace
}  // namespace rp
