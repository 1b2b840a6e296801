#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/websocket_frames.h"

namespace rp {
namespace {

// Exercise 19.5: a message may be eight bytes long, and no more. A parser that
// holds each frame against the limit passes this, too.
TEST(MyTest, AMessageMayBeAsLongAsItsLimit) {
  const std::string eight = client_frame(0x82, "12345678");
  const std::string nine = client_frame(0x82, "123456789");
  EXPECT_EQ(events_of({eight + nine}, WebSocketSide::server, 8),
            (std::vector<std::string>{
                "binary 12345678", "error 1009 a message that is too long"}));
}

}  // namespace
}  // namespace rp
