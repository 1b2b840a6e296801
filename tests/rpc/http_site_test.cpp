#include "rpc/http_site.h"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;

TEST(IsOwnHost, AnAddressOrLocalhostWithOurPortIsOurs) {
  for (const char* host : {"127.0.0.1:7080", "localhost:7080", "LOCALHOST:7080",
                           "[::1]:7080", "192.0.2.1:7080"}) {
    EXPECT_TRUE(is_own_host(host, 7080)) << host;
  }
}

TEST(IsOwnHost, ANameIsNotOursEvenIfItLeadsHere) {
  for (const char* host :
       {"evil.example:7080", "localhost.evil.example:7080", "localhost.:7080",
        "127.0.0.1.evil.example:7080", "127.1:7080", "2130706433:7080",
        "0x7f000001:7080", "[::1:7080", "::1:7080", "[localhost]:7080", ":7080",
        ""}) {
    EXPECT_FALSE(is_own_host(host, 7080)) << host;
  }
}

TEST(IsOwnHost, AnotherPortIsNotOurs) {
  for (const char* host :
       {"127.0.0.1:7081", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70800",
        "127.0.0.1:+7080", "127.0.0.1: 7080", "[::1]", "127.0.0.1:72616"}) {
    EXPECT_FALSE(is_own_host(host, 7080)) << host;
  }
}

TEST(IsOwnHost, WithoutAPort80IsMeant) {
  EXPECT_FALSE(is_own_host("localhost:80x", 80));
  EXPECT_TRUE(is_own_host("localhost", 80));
  EXPECT_TRUE(is_own_host("[::1]", 80));
  EXPECT_TRUE(is_own_host("localhost:80", 80));
}

TEST(IsOwnHost, AUnixSocketHasNoPort) {
  EXPECT_TRUE(is_own_host("localhost", 0));
  EXPECT_TRUE(is_own_host("localhost:1234", 0));
  EXPECT_FALSE(is_own_host("evil.example", 0));
}

class HttpSiteRefusals : public ::testing::Test {
 protected:
  int status(HttpFields fields, int minor = 1) {
    const auto refusal =
        site_.refusal({.minor = minor, .fields = std::move(fields)});
    return refusal ? refusal->status : 0;
  }

  Reactor reactor_;
  HttpSite site_{
      reactor_,
      7080,
      {.hosts = {"rpc.example.com"}, .origins = {"https://rpc.example.com"}}};
};

TEST_F(HttpSiteRefusals, AForeignHostIsMisdirected) {
  EXPECT_EQ(status({{"Host", "127.0.0.1:7080"}}), 0);
  EXPECT_EQ(status({{"Host", "evil.example:7080"}}), 421);
  EXPECT_EQ(status({{"Host", ""}}), 421);
  EXPECT_EQ(status({}), 421);
  EXPECT_EQ(status({}, 0), 0) << "HTTP/1.0 need not say it";
  EXPECT_EQ(site_.stats().foreign_hosts, 3u);
}

TEST_F(HttpSiteRefusals, NameTheHostThatIsNotServed) {
  const auto refusal = site_.refusal({.fields = {{"Host", "127.0.0.1:8080"}}});
  ASSERT_TRUE(refusal);
  EXPECT_NE(refusal->body.find("\"127.0.0.1:8080\""), std::string::npos);
}

TEST_F(HttpSiteRefusals, AListedHostIsTakenAsItStands) {
  EXPECT_EQ(status({{"Host", "RPC.example.com"}}), 0);
  EXPECT_EQ(status({{"Host", "rpc.example.com:7080"}}), 421);
  EXPECT_EQ(status({{"Host", "www.rpc.example.com"}}), 421);
}

TEST_F(HttpSiteRefusals, OurOwnPagesMayCall) {
  EXPECT_EQ(
      status({{"Host", "localhost:7080"}, {"Origin", "http://localhost:7080"}}),
      0);
}

TEST_F(HttpSiteRefusals, PagesOfAnotherOriginMayNot) {
  for (const char* origin :
       {"http://evil.example", "null", "", "https://localhost:7080",
        "http://localhost:7081", "http://localhost", "localhost:7080",
        "http://127.0.0.1:7080", "http://localhost:7080/"}) {
    EXPECT_EQ(status({{"Host", "localhost:7080"}, {"Origin", origin}}), 403)
        << origin;
  }
  EXPECT_EQ(site_.stats().foreign_origins, 9u);
}

TEST_F(HttpSiteRefusals, AListedOriginMayCall) {
  EXPECT_EQ(status({{"Host", "rpc.example.com"},
                    {"Origin", "https://rpc.example.com"}}),
            0);
}

TEST_F(HttpSiteRefusals, TwoOriginsAreNobodys) {
  EXPECT_EQ(status({{"Host", "localhost:7080"},
                    {"Origin", "http://localhost:7080"},
                    {"origin", "http://localhost:7080"}}),
            403);
}

/// What listeners are told of exchanges.
class HttpExchanges : public HttpTest {
 protected:
  struct Told {
    std::string text;  // "GET /hello 200 14", "... cut", "... error: why"
    Duration duration;
  };

  void listen() {
    site_->on_answered([this](const HttpExchange& exchange) {
      told_.push_back(
          {std::string(exchange.method) + " " + std::string(exchange.path) +
               " " + std::to_string(exchange.status) + " " +
               std::to_string(exchange.bytes) + (exchange.cut ? " cut" : "") +
               (exchange.error.empty() ? "" : " error: ") +
               std::string(exchange.error),
           exchange.duration});
    });
  }

  /// A route "/sent" that throws behind an answer of so many bytes.
  void throw_behind(std::size_t bytes) {
    open().get("/sent", [this, bytes](HttpRequest, HttpReply reply) {
      ++served_;
      reply.send(plain_text(200, std::string(bytes, 'x')));
      throw std::runtime_error("out of luck");
    });
    listen();
    connect();
  }

  std::vector<Told> told_;
  int served_ = 0;
};
RP_ON_BOTH_POLLERS(HttpExchanges);

TEST_P(HttpExchanges, AreToldAtTheirEnd) {
  open();
  listen();
  connect();
  peer_.send(get("/hello?q=1") + get("/later"));
  steps_.until(kept(1))
      .then([&] { EXPECT_EQ(told_.size(), 1u); })
      .pass(2s)
      .then([&] { kept_[0].send(plain_text(404, "no")); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(told_.size(), 2u);
  EXPECT_EQ(told_[0].text, "GET /hello 200 14");
  EXPECT_EQ(told_[1].text, "GET /later 404 2");
  EXPECT_EQ(told_[1].duration, 2s);
}

TEST_P(HttpExchanges, AreToldAlsoWhenNobodyIsAnswered) {
  open();
  listen();
  connect();
  peer_.send(get("/later"));
  steps_.until(kept(1))
      .then([&] { reactor_.close(connection_); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].text, "GET /later 0 0 cut");
}

TEST_P(HttpExchanges, AreToldOfWhatWasNoHttp) {
  open();
  listen();
  listen();
  connect();
  peer_.send("no HTTP\r\n\r\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(told_.size(), 2u) << "each listener once";
  EXPECT_EQ(told_[0].text.substr(0, 5), "  400");
}

TEST_P(HttpExchanges, AreAnsweredThoughAListenerThrows) {
  open();
  int caught = 0;
  reactor_.on_error([&](const std::exception_ptr&) { ++caught; });
  site_->on_answered([](const HttpExchange&) { throw 1; });
  listen();
  connect();
  peer_.send(get("/later") + get("/hello"));
  steps_.until(kept(1)).then([&] { kept_.clear(); }).until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(caught, 2);
  EXPECT_EQ(told_.size(), 2u) << "nor does the next one miss it";
}

TEST_P(HttpExchanges, TellWhatWasThrownWhenTheAnswerHadBegun) {
  open().get("/begun", [](HttpRequest, HttpReply reply) {
    HttpBody body = reply.start({});
    body.write("x");
    throw std::runtime_error("out of luck");
  });
  listen();
  connect();
  peer_.send(get("/begun"));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_TRUE(peer_.was_cut());
  ASSERT_EQ(told_.size(), 1u);
  EXPECT_EQ(told_[0].text, "GET /begun 200 1 cut error: out of luck");
  EXPECT_EQ(site_->stats().failed, 1u);
  EXPECT_EQ(reactor_.stats().exceptions, 0u);
}

TEST_P(HttpExchanges, WhatIsThrownBehindThemIsTheLoops) {
  for (const std::size_t bytes : {1u, 3'000'000u}) {
    told_.clear();
    throw_behind(bytes);
    int caught = 0;
    reactor_.on_error([&](const std::exception_ptr&) { ++caught; });
    peer_.send(get("/sent") + get("/hello"));
    ASSERT_TRUE(wait_for(2));
    ASSERT_EQ(statuses(), (Statuses{200, 200}));
    EXPECT_EQ(peer_.answers()[0].body.size(), bytes);
    EXPECT_EQ(caught, 1);
    EXPECT_EQ(told_.at(0).text, "GET /sent 200 " + std::to_string(bytes));
    EXPECT_EQ(site_->stats().failed, 0u);
  }
}

TEST_P(HttpExchanges, AreNotGoneOnWithWhenNobodyHandlesThat) {
  throw_behind(1);
  peer_.send(get("/sent") + get("/sent"));
  EXPECT_THROW(reactor_.run(), std::runtime_error);
  EXPECT_EQ(served_, 1);
  EXPECT_EQ(end_->reason, CloseReason::shutdown);
  EXPECT_EQ(statuses(), Statuses{200}) << "what was given is sent";
}

TEST_P(HttpExchanges, HaveFailedWhenNobodyAnsweredThem) {
  open().get("/own", [](const HttpRequest&) { return plain_text(500); });
  connect();
  peer_.send(get("/own") + get("/later") + get("/later"));
  steps_.until(kept(1))
      .then([&] { EXPECT_EQ(site_->stats().failed, 0u); })
      .then([&] { kept_[0] = {}; })
      .until(kept(2))
      .then([&] { EXPECT_EQ(site_->stats().failed, 1u); })
      .then([&] { kept_[1].start({}).write("x"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{500, 500}));
  EXPECT_TRUE(peer_.was_cut());
  EXPECT_EQ(site_->stats().failed, 2u);
}

TEST_P(HttpExchanges, AreCounted) {
  serve();
  peer_.send(get("/hello") + get("/nothing") + "no HTTP\r\n\r\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(site_->stats().connections, 1u);
  EXPECT_EQ(site_->stats().requests, 2u);
  EXPECT_EQ(site_->stats().malformed, 1u);
}

}  // namespace
}  // namespace rp
