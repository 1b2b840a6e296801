#include <gtest/gtest.h>

#include <string>

#include "tests/support/parsed_http.h"

namespace rp {
namespace {

// Exercise 18.5: this head is as long as it may be, and one byte more is
// refused. A parser that counts the heads of one connection together passes
// this, too.
TEST(MyTest, AHeadMayBeAsLongAsItsLimit) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const HttpLimits exact = {.head = head.size()};
  const HttpLimits less = {.head = head.size() - 1};
  EXPECT_EQ(requests_in({head}, exact).back(), "end");
  EXPECT_EQ(requests_in({head}, less).back(), "error 431");
}

}  // namespace
}  // namespace rp
