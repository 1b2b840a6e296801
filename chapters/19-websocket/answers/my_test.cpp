#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/websocket_frames.h"

namespace rp {
namespace {

// No fragment is too long; the message is.
TEST(MyTest, AMessageMayBeAsLongAsItsLimit) {
  const std::string five = client_frame(0x02, "12345");
  const std::string four = client_frame(0x80, "6789");
  EXPECT_EQ(events_of({five + four}, WebSocketSide::server, 8),
            std::vector<std::string>{"error 1009 a message that is too long"});
}

}  // namespace
}  // namespace rp
