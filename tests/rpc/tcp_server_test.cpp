#include "rpc/tcp_server.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <memory>
#include <system_error>

#include "pool/reactor_pool.h"
#include "reactor/socket.h"
#include "rpc/in_pool.h"
#include "rpc/place.h"
#include "tests/support/directory.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/rpc_texts.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class TcpServerTest : public OnBothPollers {
 protected:
  TcpServerTest() {
    service_.method("add", on_loop, [](const Params& params) -> Value {
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    service_.method("who", on_loop, [](Call& call) -> Value {
      return text(call.arena(), call.address());
    });
  }

  LinePeer connect(const TcpServer& server) {
    return LinePeer(connect_blocking(server.address()));
  }

  const Address any_port_ = Address::parse("127.0.0.1:0");
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  std::vector<Reply> kept_;
};
RP_ON_BOTH_POLLERS(TcpServerTest);

TEST_P(TcpServerTest, SaysWhichPortWasChosenAndServesIt) {
  const TcpServer server(service_, any_port_);
  EXPECT_NE(server.address().port(), 0);
  LinePeer peer = connect(server);
  peer.send_line(request("add", "[2,3]"));
  ASSERT_TRUE(run_until(reactor_, peer.has(1)));
  EXPECT_EQ(peer.lines()[0], result("5"));
}

TEST_P(TcpServerTest, TellsHandlersWhoCalls) {
  const TcpServer server(service_, any_port_);
  LinePeer peer = connect(server);
  peer.send_line(request("who"));
  ASSERT_TRUE(run_until(reactor_, peer.has(1)));
  EXPECT_EQ(peer.lines()[0],
            result('"' + local_address(peer.fd()).to_string() + '"'));
}

TEST_P(TcpServerTest, AUnixSocketIsForItsOwnerAndGoesWithTheServer) {
  const Directory directory;
  const std::string path = directory / "rpc.sock";
  struct stat file;
  {
    const TcpServer server(service_, Address::unix_path(path));
    ASSERT_EQ(::stat(path.c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777u, 0600u);
    LinePeer peer = connect(server);
    peer.send_line(request("who"));
    ASSERT_TRUE(run_until(reactor_, peer.has(1)));
    EXPECT_EQ(peer.lines()[0], result("\"unix:\""));
  }
  EXPECT_NE(::stat(path.c_str(), &file), 0);
}

TEST_P(TcpServerTest, APortThatIsTakenIsAClearError) {
  const TcpServer server(service_, any_port_);
  try {
    const TcpServer second(service_, server.address());
    FAIL() << "two servers on one port";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()), "listen on " +
                                             server.address().to_string() +
                                             ": Address already in use");
  }
}

TEST_P(TcpServerTest, AHundredClientsAreAnsweredWhileOthersWait) {
  const TcpServer server(service_, any_port_);
  LinePeer waiting = connect(server);
  for (int i = 0; i < 10; ++i) waiting.send_line(request("later"));
  std::vector<LinePeer> peers;
  for (int i = 0; i < 100; ++i) {
    peers.push_back(connect(server));
    peers.back().send_line(request("add", "[2,3]"));
  }
  for (LinePeer& peer : peers) steps_.until(peer.has(1));
  ASSERT_TRUE(steps_.run());
  for (LinePeer& peer : peers) EXPECT_EQ(peer.lines()[0], result("5"));
  EXPECT_EQ(kept_.size(), 10u);
}

TEST_P(TcpServerTest, RefusesOneConnectionBeyondItsLimit) {
  const TcpServer server(service_, any_port_, {.acceptor = {.connections = 2}});
  LinePeer first = connect(server), second = connect(server);
  first.send_line(request("later"));
  second.send_line(request("later"));
  LinePeer third;
  steps_.until([&] { return kept_.size() == 2; })
      .then([&] { third = connect(server); })
      .until([&] { return third.ended(); })
      .then([&] { EXPECT_FALSE(first.ended() || second.ended()); })
      .then([&] { second.close(); })
      .then([&] { kept_.clear(); })
      .until([&] { return reactor_.handlers() == 2; })
      .then([&] { third = connect(server); })
      .then([&] { third.send_line(request("add", "[2,3]")); })
      .until([&] { return third.has(1)(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(third.lines().at(0), result("5"));
}

TEST_P(TcpServerTest, DrainingStopsListeningAndEndsQuietConnections) {
  const TcpServer server(service_, any_port_);
  LinePeer quiet = connect(server), busy = connect(server);
  quiet.send_line(request("add", "[2,3]"));
  busy.send_line(request("later"));
  steps_.until(quiet.has(1))
      .until([&] { return kept_.size() == 1; })
      .then([&] { reactor_.drain(10s); })
      .until(quiet.has_ended())
      .then([&] { quiet.close(); })
      .until([&] { return reactor_.handlers() == 1; })
      .then([&] {
        EXPECT_THROW(connect(server), std::system_error);
        EXPECT_FALSE(busy.ended());
        kept_[0].result("done");
      })
      .until(busy.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(busy.lines().at(0), result("\"done\""));
}

TEST_P(TcpServerTest, AHalfCloseLosesNoAnswer) {
  ReactorPool pool(reactor_, {.workers = 2});
  service_.method("slow", InPool(pool.executor()),
                  [](const Params& params) { return params.at(0); });
  const TcpServer server(service_, any_port_);
  LinePeer peer = connect(server);
  peer.send("{bad\n");
  for (int i = 0; i < 100; ++i) peer.send_line(request("slow", "[7]"));
  peer.end_input();
  ASSERT_TRUE(run_until(reactor_, peer.has_ended()));
  ASSERT_EQ(peer.lines().size(), 101u);
  EXPECT_EQ(error_code(peer.lines()[0]), kParseError);
  EXPECT_EQ(peer.lines()[100], result("7"));
}

}  // namespace
}  // namespace rp
