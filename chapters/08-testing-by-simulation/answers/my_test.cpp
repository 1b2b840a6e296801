#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/support/sim_stream.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

TEST(MyNetwork, TellsTheEndBehindTheBytes) {
  SimStream stream;
  const std::string sent(5000, 'x');
  stream.peer.send(sent);
  stream.peer.half_close();
  stream.run_for(1min);
  EXPECT_EQ(stream.record.received, sent);
}

}  // namespace
}  // namespace rp
