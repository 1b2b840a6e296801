#include "rpc/http_server.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "reactor/socket.h"
#include "tests/support/directory.h"
#include "tests/support/http_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

/// A server on a socket of its own, whose "/later" the test answers.
class HttpServerTest : public OnBothPollers {
 protected:
  void route(HttpServer& server) {
    server.get("/who", [](HttpRequest, HttpReply reply) {
      const std::string peer = reply.peer().to_string();
      reply.send(plain_text(200, peer));
    });
    server.post("/who", [](HttpRequest, HttpReply reply) {
      reply.send(plain_text(200, "who?"));
    });
    server.get("/later", [this](HttpRequest, HttpReply reply) {
      kept_.push_back(std::move(reply));
    });
  }

  static HttpPeer connect(const HttpServer& server) {
    return HttpPeer(connect_blocking(server.address()));
  }

  static std::string get_from(const HttpServer& server,
                              const std::string& target) {
    return "GET " + target +
           " HTTP/1.1\r\nHost: " + server.address().to_string() + "\r\n\r\n";
  }

  const Address any_port_ = Address::parse("127.0.0.1:0");
  Steps steps_{reactor_};
  std::vector<HttpReply> kept_;
};
RP_ON_BOTH_POLLERS(HttpServerTest);

TEST_P(HttpServerTest, SaysWhichPortWasChosenAndServesIt) {
  HttpServer server(reactor_, any_port_);
  route(server);
  ASSERT_NE(server.address().port(), 0);
  HttpPeer peer = connect(server);
  peer.send(get_from(server, "/who"));
  ASSERT_TRUE(run_until(reactor_, peer.has(1)));
  EXPECT_EQ(peer.answers()[0].body, local_address(peer.fd()).to_string());
}

TEST_P(HttpServerTest, ItsPortIsPartOfItsName) {
  HttpServer server(reactor_, any_port_);
  route(server);
  HttpPeer peer = connect(server);
  peer.send("GET /who HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n");
  ASSERT_TRUE(run_until(reactor_, peer.has(1)));
  EXPECT_EQ(peer.answers()[0].status, 421);
}

TEST_P(HttpServerTest, ServesAUnixSocketWhichGoesWithIt) {
  const Directory directory;
  const std::string path = directory / "http.sock";
  {
    HttpServer server(reactor_, Address::unix_path(path));
    route(server);
    HttpPeer peer = connect(server);
    peer.send(get("/who"));
    ASSERT_TRUE(run_until(reactor_, peer.has(1)));
    EXPECT_EQ(peer.answers()[0].body, "unix:");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_P(HttpServerTest, SaysWhereItCannotListen) {
  HttpServer server(reactor_, any_port_);
  try {
    HttpServer second(reactor_, server.address());
    FAIL() << "it listens twice";
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()).rfind("listen on 127.0.0.1:", 0), 0u);
  }
}

TEST_P(HttpServerTest, MoreConnectionsThanItsLimitAreClosed) {
  HttpServer server(reactor_, any_port_, {.acceptor = {.connections = 1}});
  route(server);
  HttpPeer first = connect(server);
  HttpPeer second = connect(server);
  steps_.until(second.has_ended()).then([&] { EXPECT_FALSE(first.ended()); });
  ASSERT_TRUE(steps_.run());
}

TEST_P(HttpServerTest, ADrainAnswersWhatIsOwedAndClosesTheRest) {
  HttpServer server(reactor_, any_port_);
  route(server);
  HttpPeer waiting = connect(server);
  HttpPeer quiet = connect(server);
  waiting.send(get_from(server, "/later") + get_from(server, "/who"));
  steps_.until([&] { return kept_.size() == 1; })
      .then([&] { reactor_.drain(10s); })
      .until(quiet.has_ended())
      .then([&] { kept_[0].send(plain_text(200, "done")); })
      .until(waiting.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(waiting.answers().size(), 1u);
  EXPECT_EQ(waiting.answers()[0].body, "done");
  EXPECT_EQ(*waiting.answers()[0].field("Connection"), "close");
  EXPECT_TRUE(quiet.answers().empty());
}

TEST_P(HttpServerTest, ADrainWaitsForABodyAndNotForAHead) {
  HttpServer server(reactor_, any_port_);
  route(server);
  HttpPeer body = connect(server);
  HttpPeer head = connect(server);
  const std::string request = "POST /who HTTP/1.1\r\nHost: localhost:" +
                              std::to_string(server.address().port()) +
                              "\r\nContent-Length: 4\r\n\r\nbody";
  body.send(request.substr(0, request.size() - 1));
  head.send(request.substr(0, request.size() - 5));
  steps_.until([turns = 0]() mutable { return ++turns == 20; })
      .then([&] { reactor_.drain(10s); })
      .until(head.has_ended())
      .then([&] { body.send("y"); })
      .until(body.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(head.answers().size(), 1u);
  EXPECT_EQ(head.answers()[0].status, 503);
  ASSERT_EQ(body.answers().size(), 1u);
  EXPECT_EQ(body.answers()[0].status, 200);
}

TEST_P(HttpServerTest, ABodyThatIsBeingSentEndsBeforeADrainCloses) {
  HttpServer server(reactor_, any_port_);
  route(server);
  HttpPeer peer = connect(server);
  peer.send(get_from(server, "/later"));
  HttpBody body;
  steps_.until([&] { return kept_.size() == 1; })
      .then([&] { body = kept_[0].start({}); })
      .then([&] { reactor_.drain(10s); })
      .then([&] { body.write("all of it"); })
      .then([&] { body.end(); })
      .until(peer.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(peer.answers().size(), 1u);
  EXPECT_EQ(peer.answers()[0].body, "all of it");
}

}  // namespace
}  // namespace rp
