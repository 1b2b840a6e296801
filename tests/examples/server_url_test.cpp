#include "examples/server_url.h"

#include <gtest/gtest.h>

#include <string>

#include "examples/flags.h"

namespace rp {
namespace {

// What is wrong with a URL; empty: nothing.
std::string fault_of(const std::string& url) {
  try {
    ServerUrl::parse(url);
    return {};
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(ServerUrl, SendsNoUserAndNoPassword) {
  const std::string why =
      "URL: a user or password before the host is never sent";
  EXPECT_EQ(fault_of("http://user:pw@127.0.0.1:7000"), why);
  EXPECT_EQ(fault_of("ws://user@127.0.0.1/rpc"), why);
  EXPECT_EQ(fault_of("tcp://user:pw@127.0.0.1:7000"), why);
  EXPECT_EQ(fault_of("user@127.0.0.1:7000"), why);
}

TEST(ServerUrl, TakesAnAtSignWhereItNamesNoUser) {
  EXPECT_EQ(fault_of("http://127.0.0.1:7000/a@b"), "");
  EXPECT_EQ(fault_of("unix:build/a@b.sock"), "");
}

TEST(ServerUrl, NeedsAHost) {
  for (const char* none : {"", "tcp://", ":7000", "http://", "ws:///rpc"}) {
    EXPECT_NE(fault_of(none), "") << none;
  }
}

TEST(ServerUrl, TakesAUnixSocketForLinesOnly) {
  const std::string why =
      "URL: over a Unix socket there is no HTTP and no WebSocket: unix:PATH "
      "stands alone";
  EXPECT_EQ(fault_of("http://unix:build/h.sock"), why);
  EXPECT_EQ(fault_of("ws://unix:build/h.sock"), why);
  EXPECT_EQ(fault_of("unix:build/h.sock"), "");
}

}  // namespace
}  // namespace rp
