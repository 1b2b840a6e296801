#include "rpc/http_connection.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using Statuses = std::vector<int>;

using HttpConnectionTest = HttpTest;
RP_ON_BOTH_POLLERS(HttpConnectionTest);

TEST_P(HttpConnectionTest, AnswersARequest) {
  serve();
  peer_.send(get("/hello"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{200});
  EXPECT_EQ(peer_.answers()[0].body, "Hello, World!\n");
  EXPECT_NE(peer_.answers()[0].field("Date"), nullptr);
  EXPECT_EQ(peer_.answers()[0].field("Connection"), nullptr);
}

TEST_P(HttpConnectionTest, HandsTheHandlerTheWholeBody) {
  serve();
  const std::string body(200'000, 'x');
  for (std::size_t at = 0; at < body.size(); at += 50'000) {
    steps_
        .then([&, at] {
          if (at == 0) peer_.send(post_head("/echo", body.size()));
          peer_.send(body.substr(at, 50'000));
        })
        .until(turns(5));
  }
  steps_.until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.answers().at(0).body, body);
}

TEST_P(HttpConnectionTest, TakesABodyInChunks) {
  serve();
  peer_.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
      "Transfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n" +
      get("/hello"));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(peer_.answers()[0].body, "abcde");
  EXPECT_EQ(peer_.answers()[1].status, 200);
}

TEST_P(HttpConnectionTest, AHandlerSeesItsRequest) {
  open().get("/see", [](const HttpRequest& request) {
    return plain_text(200, request.method + " " + std::string(request.path()) +
                               " " + std::string(request.query()) + " " +
                               *request.field("x-name"));
  });
  connect();
  peer_.send(get("/see?a=1", {{"X-Name", "Ann"}}));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(peer_.answers()[0].body, "GET /see a=1 Ann");
}

TEST_P(HttpConnectionTest, ServesOneRequestAfterAnother) {
  serve();
  steps_.then([&] { peer_.send(get("/hello")); })
      .until(peer_.has(1))
      .then([&] { peer_.send(get("/nothing")); })
      .until(peer_.has(2))
      .then([&] { peer_.send(post("/echo", "again")); })
      .until(peer_.has(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 404, 200}));
  EXPECT_EQ(peer_.answers()[2].body, "again");
}

TEST_P(HttpConnectionTest, PipelinedRequestsAreAnsweredInOrder) {
  serve();
  peer_.send(get("/later") + get("/hello") + post("/echo", "third"));
  steps_.until(kept(1))
      .until(turns(9))
      .then([&] { EXPECT_TRUE(peer_.answers().empty()); })
      .then([&] { kept_[0].send(plain_text(200, "first")); })
      .until(peer_.has(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.answers()[0].body, "first");
  EXPECT_EQ(peer_.answers()[1].body, "Hello, World!\n");
  EXPECT_EQ(peer_.answers()[2].body, "third");
}

TEST_P(HttpConnectionTest, WhatIsSentBehindARequestWaitsWithTheClient) {
  serve();
  peer_.send(get("/later"));
  const std::string more = post("/echo", std::string(60'000, 'x'));
  steps_.until(kept(1));
  for (int i = 0; i < 4; ++i) {
    steps_.then([&] { peer_.send(more); }).until(turns(5));
  }
  steps_
      .then([&] {
        EXPECT_TRUE(
            static_cast<HttpConnection*>(reactor_.find(connection_))->paused());
      })
      .then([&] { kept_[0].send(plain_text(200)); })
      .until(peer_.has(5));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 200, 200, 200, 200}));
}

TEST_P(HttpConnectionTest, HeadGetsTheHeadThatGetWouldGet) {
  serve();
  peer_.expect("HEAD");
  peer_.send(http_request("HEAD", "/hello") + get("/hello"));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(*peer_.answers()[0].field("Content-Length"), "14");
  EXPECT_EQ(peer_.answers()[0].body, "");
  EXPECT_EQ(peer_.answers()[1].body, "Hello, World!\n");
}

TEST_P(HttpConnectionTest, ClosesWhenTheClientWantsIt) {
  serve();
  peer_.send(get("/hello", {{"Connection", "close"}}) + get("/hello"));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  steps_.until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{200});
  EXPECT_EQ(*peer_.answers()[0].field("Connection"), "close");
  EXPECT_EQ(end_->reason, CloseReason::local);
}

TEST_P(HttpConnectionTest, AClientOfHttp10IsServedAndClosed) {
  serve();
  peer_.send("GET /hello HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{200});
}

TEST_P(HttpConnectionTest, AClientOfHttp10MayKeepItsConnection) {
  serve();
  const std::string request =
      "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  peer_.send(request + request);
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(*peer_.answers()[0].field("Connection"), "keep-alive");
}

TEST_P(HttpConnectionTest, AfterAHalfCloseAllThatIsOwedIsSent) {
  serve();
  peer_.send(get("/later") + get("/hello"));
  peer_.end_input();
  steps_.until(kept(1))
      .until(turns(5))
      .then([&] { kept_[0].send(plain_text(200, "late")); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 200}));
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(HttpConnectionTest, ARequestThatIsCutOffIsNotServed) {
  serve();
  peer_.send(get("/hello") + post_head("/echo", 5) + "four");
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, has_closed()));
  EXPECT_EQ(statuses(), (Statuses{200, 400}));
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(HttpConnectionTest, AClientThatGoesAwayWhileItWaitsIsNoticed) {
  serve();
  peer_.send(get("/later"));
  steps_.until(kept(1))
      .then([&] {
        EXPECT_FALSE(kept_[0].gone());
        peer_.end_input();
      })
      .until(turns(5))
      .then([&] { peer_.close(); })
      .then([&] { kept_[0].send(plain_text(200, "to nobody")); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_NE(end_->reason, CloseReason::shutdown);
}

TEST_P(HttpConnectionTest, WhatIsNoHttpIsAnsweredAndClosed) {
  serve();
  peer_.send(get("/hello") + "GET  /hello HTTP/1.1\r\n\r\n" + get("/hello"));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  steps_.until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 400}));
  EXPECT_EQ(*peer_.answers()[1].field("Connection"), "close");
  EXPECT_EQ(end_->reason, CloseReason::protocol);
  EXPECT_EQ(site_->stats().malformed, 1u);
}

TEST_P(HttpConnectionTest, ARefusalDoesNotWaitForTheBody) {
  serve();
  peer_.send(post_head("/nothing", 1000));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{404});
  EXPECT_EQ(*peer_.answers()[0].field("Connection"), "close");
}

TEST_P(HttpConnectionTest, ARefusalWithoutABodyKeepsTheConnection) {
  serve();
  peer_.send(http_request("POST", "/nothing") +
             get("/hello", {{"Origin", "http://evil.example"}}) +
             get("/hello"));
  ASSERT_TRUE(wait_for(3));
  EXPECT_EQ(statuses(), (Statuses{404, 403, 200}));
}

TEST_P(HttpConnectionTest, ABodyNeedsItsLength) {
  serve();
  peer_.send("POST /echo HTTP/1.1\r\nHost: localhost\r\n\r\n" +
             post("/echo", ""));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(statuses(), (Statuses{411, 200}));
}

TEST_P(HttpConnectionTest, TellsAClientThatAsksToSendItsBody) {
  serve();
  const HttpFields asks = {{"Expect", "100-continue"}};
  steps_.then([&] { peer_.send(post_head("/echo", 4, asks)); })
      .until(peer_.has(1))
      .then([&] { peer_.send("body"); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{100, 200}));
  EXPECT_EQ(peer_.answers()[1].body, "body");
}

TEST_P(HttpConnectionTest, ABodyThatHasComeIsNotAskedFor) {
  serve();
  const HttpFields asks = {{"Expect", "100-continue"}};
  peer_.send(post_head("/echo", 4, asks) + "body" +
             post_head("/nothing", 4, asks));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{200, 404})) << "nor one that is refused";
}

TEST_P(HttpConnectionTest, AHandlerThatThrowsIsAnswered500) {
  open().get("/throw", [](const HttpRequest&) -> HttpResponse {
    throw std::runtime_error("out of luck");
  });
  std::string error;
  site_->on_answered([&](const HttpExchange& e) { error = e.error; });
  connect();
  peer_.send(get("/throw"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(statuses(), Statuses{500});
  EXPECT_EQ(peer_.answers()[0].body, "Internal Server Error\n");
  EXPECT_EQ(error, "out of luck");
  EXPECT_EQ(site_->stats().failed, 1u);
}

TEST_P(HttpConnectionTest, AnAnswerThatCannotBeWrittenIs500) {
  open().get("/split", [](const HttpRequest&) -> HttpResponse {
    return {200, {{"X-Name", "a\r\nSet-Cookie: b"}}, "body"};
  });
  site_->get("/interim", [](const HttpRequest&) -> HttpResponse {
    return {.status = 101};
  });
  connect();
  peer_.send(get("/split") + get("/interim"));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(statuses(), (Statuses{500, 500}));
  EXPECT_EQ(peer_.raw().find("Set-Cookie"), std::string::npos);
}

/// Cut in two at every place, the bytes mean the same.
TEST_P(HttpConnectionTest, TheStreamMayBeCutAnywhere) {
  const std::string bytes = get("/hello") + post("/echo", "abc") +
                            "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
                            "Transfer-Encoding: chunked\r\n\r\n"
                            "2\r\nab\r\n0\r\n\r\n" +
                            get("/nothing");
  open();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    connect();
    steps_.then([&, cut] { peer_.send(bytes.substr(0, cut)); })
        .until(turns(3))
        .then([&, cut] { peer_.send(bytes.substr(cut)); })
        .until(peer_.has(4));
    ASSERT_TRUE(steps_.run());
    ASSERT_EQ(statuses(), (Statuses{200, 200, 200, 404})) << "cut at " << cut;
    EXPECT_EQ(peer_.answers()[1].body, "abc");
    EXPECT_EQ(peer_.answers()[2].body, "ab");
  }
}

}  // namespace
}  // namespace rp
