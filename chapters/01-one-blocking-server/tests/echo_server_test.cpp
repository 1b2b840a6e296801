#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <string>

#include "reactor/socket.h"
#include "tests/support/program.h"

namespace rp {
namespace {

// The server, on a port that the kernel has chosen.
class EchoServer : public testing::Test {
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

  static std::string hear(const UniqueFd& client, std::size_t size) {
    std::string text(size, '\0');
    const ssize_t came =
        ::recv(client.get(), text.data(), text.size(), MSG_WAITALL);
    text.resize(came < 0 ? 0 : static_cast<std::size_t>(came));
    return text;
  }

  // Sends no more, and reads until the server has closed.
  static std::string hear_out(const UniqueFd& client) {
    ::shutdown(client.get(), SHUT_WR);
    return hear(client, 1 << 20);
  }

 private:
  Program server_{"echo_server", {"--port", "0"}};
  Address here_ = Address::parse(server_.line().substr(17));
};

TEST_F(EchoServer, GivesBackWhatItGets) {
  const UniqueFd client = connect();
  say(client, "hello");
  EXPECT_EQ(hear(client, 5), "hello");
  say(client, "hello again");
  EXPECT_EQ(hear(client, 11), "hello again");
}

TEST_F(EchoServer, GivesBackNothingElse) {
  const UniqueFd client = connect();
  say(client, "hello");
  EXPECT_EQ(hear_out(client), "hello");
}

TEST_F(EchoServer, GivesBackAMegabyteInPieces) {
  const UniqueFd client = connect();
  const std::string piece(16384, 'x');
  std::size_t came = 0;
  for (int pieces = 0; pieces < 64; ++pieces) {
    say(client, piece);
    came += hear(client, piece.size()).size();
  }
  EXPECT_EQ(came, 64 * piece.size());
}

TEST_F(EchoServer, ServesTheNextClientWhenOneHasLeft) {
  connect();
  const UniqueFd second = connect();
  say(second, "hello");
  EXPECT_EQ(hear(second, 5), "hello");
}

TEST_F(EchoServer, OutlivesAClientThatLeavesWithoutReading) {
  {
    const UniqueFd rude = connect();
    const linger at_once{1, 0};
    ::setsockopt(rude.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    say(rude, std::string(65536, 'x'));
  }
  const UniqueFd next = connect();
  say(next, "hello");
  EXPECT_EQ(hear(next, 5), "hello");
}

TEST(EchoServerAlone, ServesTwoClientsOfItsOwn) {
  EXPECT_EQ(Program("echo_server").rest(),
            "first client: hello\nsecond client: hello again\n");
}

}  // namespace
}  // namespace rp
