#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <string>

#include "reactor/socket.h"
#include "tests/support/program.h"

namespace rp {
namespace {

// The echo server with a slow line, answered on the loop or in the pool.
class SlowEcho : public testing::TestWithParam<const char*> {
 protected:
  UniqueFd connect() {
    UniqueFd client = connect_blocking(here_);
    // Whoever is never answered shall not wait for ever.
    const timeval longest{2, 0};
    ::setsockopt(client.get(), SOL_SOCKET, SO_RCVTIMEO, &longest,
                 sizeof longest);
    return client;
  }

  static void say(const UniqueFd& client, const std::string& text) {
    ::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL);
  }

  static std::string hear(const UniqueFd& client, int flags = 0) {
    char bytes[64];
    const ssize_t came = ::recv(client.get(), bytes, sizeof bytes, flags);
    return came > 0 ? std::string(bytes, static_cast<std::size_t>(came)) : "";
  }

 private:
  Program server_{"echo", {"--port", "0", "--slow", GetParam()}};
  Address here_ = Address::parse(server_.line().substr(17));
};

TEST_P(SlowEcho, GivesBackWhatItGets) {
  const UniqueFd client = connect();
  say(client, "hello\n");
  EXPECT_EQ(hear(client), "hello\n");
  say(client, "slow 1\n");
  EXPECT_EQ(hear(client), "slow 1\n");
}

INSTANTIATE_TEST_SUITE_P(Both, SlowEcho, testing::Values("loop", "pool"),
                         [](const auto& test) {
                           return std::string(test.param);
                         });

using SlowEchoInThePool = SlowEcho;

// The slow line takes an hour: who is answered has not waited for it.
TEST_P(SlowEchoInThePool, AnswersTheSecondClientAtOnce) {
  const UniqueFd first = connect();
  say(first, "slow 3600000\n");
  const UniqueFd second = connect();
  say(second, "hello\n");
  EXPECT_EQ(hear(second), "hello\n");
  EXPECT_EQ(hear(first, MSG_DONTWAIT), "");
}

TEST_P(SlowEchoInThePool, AnswersNobodyWhoHasLeft) {
  {
    const UniqueFd first = connect();
    say(first, "slow 20\n");
  }
  const UniqueFd second = connect();
  say(second, "slow 30\n");
  EXPECT_EQ(hear(second), "slow 30\n");
  say(second, "hello\n");
  EXPECT_EQ(hear(second), "hello\n");
}

INSTANTIATE_TEST_SUITE_P(Pool, SlowEchoInThePool, testing::Values("pool"));

}  // namespace
}  // namespace rp
