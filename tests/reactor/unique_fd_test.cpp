#include "reactor/unique_fd.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <utility>

namespace rp {
namespace {

int open_null() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(UniqueFd, ClosesWhatItOwns) {
  const int fd = open_null();
  {
    const UniqueFd owner(fd);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(UniqueFd, OwnsNothingAtFirst) {
  const UniqueFd none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.get(), -1);
}

TEST(UniqueFd, OwnsStandardInputsNumberToo) {
  UniqueFd zero(0);
  EXPECT_TRUE(zero);
  zero.release();
}

TEST(UniqueFd, LeavesNothingBehindWhenMoved) {
  UniqueFd first(open_null());
  const int fd = first.get();
  const UniqueFd second = std::move(first);
  EXPECT_FALSE(first);
  EXPECT_EQ(second.get(), fd);
  EXPECT_TRUE(is_open(fd));
}

TEST(UniqueFd, ClosesWhatItHeldWhenAnotherIsMovedIn) {
  UniqueFd kept(open_null());
  UniqueFd replaced(open_null());
  const int old = replaced.get();
  replaced = std::move(kept);
  EXPECT_FALSE(is_open(old));
  EXPECT_TRUE(is_open(replaced.get()));
}

TEST(UniqueFd, SurvivesBeingMovedToItself) {
  UniqueFd fd(open_null());
  UniqueFd& alias = fd;
  fd = std::move(alias);
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, ReleaseGivesTheNumberAwayOpen) {
  UniqueFd owner(open_null());
  const int fd = owner.release();
  EXPECT_FALSE(owner);
  EXPECT_TRUE(is_open(fd));
  ::close(fd);
}

TEST(UniqueFd, ResetClosesAndTakesOverAnother) {
  UniqueFd owner(open_null());
  const int old = owner.get();
  const int next = open_null();
  owner.reset(next);
  EXPECT_FALSE(is_open(old));
  EXPECT_EQ(owner.get(), next);
  owner.reset();
  EXPECT_FALSE(is_open(next));
}

// A second close would close whoever has got the number meanwhile.
TEST(UniqueFd, ClosesOnceOnly) {
  UniqueFd owner(open_null());
  owner.reset();
  const UniqueFd newcomer(open_null());
  owner.reset();
  EXPECT_TRUE(is_open(newcomer.get()));
}

}  // namespace
}  // namespace rp
