#include "rpc/wire/lent_bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/allocations.h"

namespace rp {
namespace {

TEST(LentBytes, AreTheLendersUntilTheyAreKept) {
  std::string lent = "hello";
  LentBytes bytes;
  bytes.feed(lent);
  EXPECT_EQ(bytes.rest().data(), lent.data());
  EXPECT_EQ(bytes.held(), 0u);
  bytes.skip(1);
  bytes.keep();
  bytes.keep();
  lent.assign(5, 'x');
  EXPECT_EQ(bytes.rest(), "ello");
  EXPECT_EQ(bytes.held(), 4u);
}

TEST(LentBytes, ComeBehindThoseThatWereNotRead) {
  LentBytes bytes;
  bytes.feed("abc");
  bytes.skip(1);
  bytes.feed("def");
  EXPECT_EQ(bytes.rest(), "bcdef");
  bytes.skip(2);
  bytes.feed("g");
  EXPECT_EQ(bytes.rest(), "defg");
  EXPECT_EQ(bytes.held(), 4u);
}

TEST(LentBytes, StayWhereTheyAreUntilReleased) {
  LentBytes bytes;
  bytes.feed("abc");
  bytes.keep();
  const std::string_view view = bytes.rest();
  bytes.skip(3);
  EXPECT_EQ(view, "abc");
  bytes.release();
  EXPECT_EQ(bytes.rest(), "");
}

TEST(LentBytes, HoldNoMemoryOnceReadAndReleased) {
  const std::string lent(500, 'x');
  Allocations allocations;
  LentBytes bytes;
  bytes.feed(lent);
  bytes.keep();
  EXPECT_EQ(allocations.held(), 1);
  bytes.skip(500);
  EXPECT_EQ(bytes.held(), 0u);
  bytes.release();
  EXPECT_EQ(allocations.held(), 0);
}

TEST(LentBytes, AreForgottenWhenDropped) {
  LentBytes bytes;
  bytes.feed("abc");
  bytes.keep();
  bytes.drop();
  EXPECT_EQ(bytes.rest(), "");
  EXPECT_EQ(bytes.held(), 0u);
}

}  // namespace
}  // namespace rp
