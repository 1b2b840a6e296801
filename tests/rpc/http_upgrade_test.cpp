#include "rpc/http_upgrade.h"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;
using Texts = std::vector<std::string>;

/// Notes what it is told, and sends back what comes.
class Parrot : public Takeover {
 public:
  explicit Parrot(Texts& said) : said_(said) {}

  void on_start(Connection& connection) override {
    connection_ = &connection;
    connection.send("hi ");
  }
  void on_data(std::string_view bytes) override {
    said_.push_back("data " + std::string(bytes));
    connection_->send(bytes);
  }
  void on_end() override {
    said_.push_back("end");
    connection_->close_after_sending(CloseReason::peer);
  }
  void on_unchoked() override { said_.push_back("unchoked"); }
  bool is_idle() const override { return false; }
  void on_drain() override {
    said_.push_back("drain");
    connection_->close_after_sending(CloseReason::drained);
  }
  void on_disconnect(CloseReason reason) override {
    said_.push_back("gone: " + std::string(to_string(reason)));
  }

 private:
  Texts& said_;
  Connection* connection_ = nullptr;
};

/// A site on whose "/parrot" parrots take over, unless asked not to.
class HttpUpgradeTest : public HttpTest {
 protected:
  void serve_parrots(HttpOptions options = {}) {
    open(std::move(options))
        .upgrade("/parrot", "parrot",
                 [this](const HttpRequest& request) -> HttpUpgrade {
                   if (request.query() == "no")
                     return {.response = plain_text(403)};
                   return {.response = {.status = 101,
                                        .fields = {{"Connection", "Upgrade"},
                                                   {"Upgrade", "parrot"}}},
                           .takeover = std::make_unique<Parrot>(said_)};
                 });
    connect();
  }

  template <class Thrower>
  void serve_throwers() {
    open().upgrade("/throw", "parrot",
                   [this](const HttpRequest&) -> HttpUpgrade {
                     return {{.status = 101}, std::make_unique<Thrower>(said_)};
                   });
    reactor_.on_error([this](const std::exception_ptr&) { ++caught_; });
    connect();
  }

  static std::string asks(std::string_view target = "/parrot") {
    return get(target,
               {{"Connection", "keep-alive, Upgrade"}, {"Upgrade", "Parrot"}});
  }

  Function<bool()> came(std::string end) {
    return [this, end] { return peer_.raw().ends_with(end); };
  }

  Texts said_;
  int caught_ = 0;
};
RP_ON_BOTH_POLLERS(HttpUpgradeTest);

TEST_P(HttpUpgradeTest, AfterTheAnswerTheOtherProtocolSpeaks) {
  serve_parrots();
  int told = 0;
  site_->on_answered([&](const HttpExchange& e) { told = e.status; });
  steps_.then([&] { peer_.send(asks()); })
      .until(came("\r\n\r\nhi "))
      .then([&] { peer_.send("Ann"); })
      .until(came("hi Ann"))
      .then([&] { peer_.end_input(); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.raw().rfind("HTTP/1.1 101 Switching Protocols\r\n", 0), 0u);
  EXPECT_EQ(said_, (Texts{"data Ann", "end", "gone: peer"}));
  EXPECT_EQ(told, 101);
}

TEST_P(HttpUpgradeTest, WhatCameBehindTheRequestIsItsFirst) {
  serve_parrots();
  peer_.send(asks() + "GET / HTTP/1.1\r\n");
  ASSERT_TRUE(run_until(reactor_, came("hi GET / HTTP/1.1\r\n")));
}

/// The last of those that are taken in one tick, too, takes over as the others.
TEST_P(HttpUpgradeTest, ItComesInItsTurnBehindManyOtherRequests) {
  serve_parrots();
  std::string requests;
  for (int i = 0; i < 95; ++i) requests += get("/hello");
  peer_.send(requests + asks() + "Ann");
  steps_.until(came("hi Ann"))
      .then([&] { peer_.send("Bob"); })
      .until(came("hi AnnBob"));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses().size(), 96u);
}

TEST_P(HttpUpgradeTest, ARefusalIsAnAnswerLikeAnother) {
  serve_parrots();
  peer_.send(asks("/parrot?no") + get("/hello"));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(statuses(), (Statuses{403, 200}));
}

TEST_P(HttpUpgradeTest, WhoDoesNotAskIsToldTo) {
  serve_parrots();
  peer_.send(get("/parrot") +
             get("/parrot", {{"Connection", "Upgrade"}, {"Upgrade", "h2c"}}) +
             http_request("HEAD", "/parrot"));
  peer_.expect("GET");
  peer_.expect("GET");
  peer_.expect("HEAD");
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(statuses(), (Statuses{426, 426, 405}));
  EXPECT_TRUE(upgrades_to(peer_.answers().at(0).fields, "parrot"));
}

TEST_P(HttpUpgradeTest, HttpOnePointZeroKnowsNoUpgrade) {
  serve_parrots();
  std::string old = asks();
  old.replace(old.find("HTTP/1.1"), 8, "HTTP/1.0");
  peer_.send(old);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{426});
}

TEST_P(HttpUpgradeTest, OtherRoutesOfThePathServeWhoDoesNotAsk) {
  serve_parrots();
  site_->get("/parrot", [](const HttpRequest&) { return plain_text(200); });
  peer_.send(get("/parrot") + asks());
  ASSERT_TRUE(run_until(reactor_, came("hi ")));
  EXPECT_EQ(statuses(), (Statuses{200, 101}));
}

TEST_P(HttpUpgradeTest, APageOfAnotherOriginIsRefused) {
  serve_parrots();
  peer_.send(get("/parrot", {{"Connection", "Upgrade"},
                             {"Upgrade", "parrot"},
                             {"Origin", "http://evil.example"}}));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{403});
}

TEST_P(HttpUpgradeTest, ABodyBeforeTheUpgradeIsRefused) {
  serve_parrots();
  peer_.send(
      "GET /parrot HTTP/1.1\r\nHost: localhost\r\nUpgrade: parrot\r\n"
      "Connection: Upgrade\r\nContent-Length: 2\r\n\r\nab");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{400});
}

TEST_P(HttpUpgradeTest, ItSaysItselfWhetherItIsIdle) {
  serve_parrots();
  peer_.send(asks());
  steps_.until(came("hi ")).pass(1h).then([&] { EXPECT_FALSE(end_); });
  ASSERT_TRUE(steps_.run());
}

TEST_P(HttpUpgradeTest, ItIsToldOfADrain) {
  serve_parrots();
  peer_.send(asks());
  steps_.until(came("hi "))
      .then([&] { reactor_.drain(10s); })
      .until(peer_.has_ended())
      .then([&] { peer_.end_input(); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(said_, (Texts{"drain", "gone: drained"}));
}

TEST_P(HttpUpgradeTest, ItIsToldOfADrainThatBeganBeforeIt) {
  open().upgrade("/parrot", "parrot", [this](const HttpRequest&) {
    reactor_.drain(10s);
    return HttpUpgrade{.response = {.status = 101},
                       .takeover = std::make_unique<Parrot>(said_)};
  });
  connect();
  peer_.send(asks());
  steps_.until(peer_.has_ended())
      .then([&] { peer_.end_input(); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{101});
  EXPECT_EQ(said_, (Texts{"drain", "gone: drained"}));
}

TEST_P(HttpUpgradeTest, ItIsToldOfAnEndThatWaitedWithItsRequest) {
  serve_parrots();
  peer_.send(get("/later") + asks() + "Ann");
  peer_.end_input();
  steps_.until(kept(1))
      .until(turns(9))
      .then([&] { kept_[0].send(plain_text(200)); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(said_, (Texts{"data Ann", "end", "gone: peer"}));
}

TEST_P(HttpUpgradeTest, WhoThrowsWhileHeTakesOverEndsTheConnection) {
  struct Thrower : Parrot {
    using Parrot::Parrot;
    void on_start(Connection&) override { throw std::runtime_error("no"); }
  };
  serve_throwers<Thrower>();
  peer_.send(asks("/throw") + "Ann");
  ASSERT_TRUE(run_until(reactor_, has_closed()));
  EXPECT_EQ(end_->reason, CloseReason::local);
  EXPECT_EQ(caught_, 1) << "by the loop's error handler";
  EXPECT_EQ(said_, Texts{"gone: local"});
}

TEST_P(HttpUpgradeTest, WhatIsThrownOverItsFirstBytesIsTheLoops) {
  struct Thrower : Parrot {
    using Parrot::Parrot;
    void on_data(std::string_view) override { throw std::runtime_error("no"); }
  };
  serve_throwers<Thrower>();
  peer_.send(asks("/throw") + "Ann");
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, has_closed()));
  EXPECT_EQ(statuses(), Statuses{101});
  EXPECT_EQ(caught_, 1);
  EXPECT_EQ(said_, (Texts{"end", "gone: peer"})) << "nothing else is missed";
}

TEST_P(HttpUpgradeTest, ItIsToldWhenThereIsRoomAgain) {
  serve_parrots({.connection = {.pause_at = 100'000}});
  peer_.send(asks());
  steps_.until(came("hi "))
      .then([&] {
        auto* http = static_cast<HttpConnection*>(reactor_.find(connection_));
        EXPECT_TRUE(http->has_upgraded());
        http->send(std::string(2'000'000, 'x'));
        EXPECT_TRUE(http->choked());
      })
      .until([&] {
        peer_.raw();
        return !said_.empty();
      });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(said_.at(0), "unchoked");
}

}  // namespace
}  // namespace rp
