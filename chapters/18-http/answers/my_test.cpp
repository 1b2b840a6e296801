#include <gtest/gtest.h>

#include <string>

#include "tests/support/parsed_http.h"

namespace rp {
namespace {

// The connection is kept, and each head has the limit for itself.
TEST(MyTest, AHeadMayBeAsLongAsItsLimit) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const HttpLimits exact = {.head = head.size()};
  EXPECT_EQ(requests_in({head + head}, exact),
            (Said{"GET / HTTP/1.1 {Host: a}", "end", "GET / HTTP/1.1 {Host: a}",
                  "end"}));
}

}  // namespace
}  // namespace rp
