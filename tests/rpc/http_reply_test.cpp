#include "rpc/http_reply.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;

/// Answers of which the test writes the body, piece by piece.
class HttpReplyTest : public HttpTest {
 protected:
  /// The first request is kept, and answered by `head`.
  void begin(std::string request, std::optional<std::uint64_t> length = {}) {
    peer_.send(request);
    steps_.until(kept(1)).then([this, length] {
      body_ = kept_[0].start({200, {{"X-Name", "v"}}, "not looked at"}, length);
    });
  }

  HttpBody body_;
};
RP_ON_BOTH_POLLERS(HttpReplyTest);

TEST_P(HttpReplyTest, AnswersWhenItLikes) {
  serve();
  peer_.send(get("/later"));
  steps_.until(kept(1))
      .pass(1min)
      .then([&] { EXPECT_TRUE(peer_.answers().empty()); })
      .then([&] { kept_[0].send(plain_text(201, "made")); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{201});
  EXPECT_FALSE(kept_[0]) << "it owes nothing any more";
}

TEST_P(HttpReplyTest, DestroyedUnusedItAnswers500) {
  serve();
  peer_.send(get("/later") + get("/hello"));
  steps_.until(kept(1)).then([&] { kept_.clear(); }).until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{500, 200}));
}

TEST_P(HttpReplyTest, AHandlerThatForgetsItsReplyIsAnswered500) {
  open().get("/forget", [](HttpRequest, HttpReply) {});
  connect();
  peer_.send(get("/forget") + get("/hello"));
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(statuses(), (Statuses{500, 200}));
}

TEST_P(HttpReplyTest, FindsNobodyWhenTheClientHasGone) {
  serve();
  peer_.send(get("/later"));
  steps_.until(kept(1))
      .then([&] {
        reactor_.close(connection_);
        EXPECT_FALSE(end_);
      })
      .until(has_closed())
      .then([&] {
        EXPECT_TRUE(kept_[0].gone());
        kept_[0].send(plain_text(200));
      });
  ASSERT_TRUE(steps_.run());
  EXPECT_FALSE(kept_[0]);
}

TEST_P(HttpReplyTest, OfATakerItIsGoneWhenTheTakerIs) {
  struct Taker : HttpTaker {
    Taker(HttpReply& reply, bool& alive) : reply_(reply), alive_(alive) {}
    ~Taker() override { alive_ = false; }
    void on_body(std::string_view) override {}
    void on_end(HttpReply reply) override { reply_ = std::move(reply); }
    HttpReply& reply_;
    bool& alive_;
  };
  HttpReply reply;
  bool alive = true;
  open().stream("PUT", "/up", [&](const HttpRequest&, HttpIntake&) {
    return HttpStart(std::make_unique<Taker>(reply, alive));
  });
  connect();
  peer_.send(http_request("PUT", "/up", {}, "abc"));
  steps_.until([&] { return static_cast<bool>(reply); })
      .then([&] { EXPECT_TRUE(alive && !reply.gone()); })
      .then([&] { reactor_.close(connection_, CloseReason::reset); })
      .until([&] { return !alive; });
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(reply.gone());
}

TEST_P(HttpReplyTest, AnsweringTwiceStopsTheProgram) {
  HttpReply reply;
  EXPECT_DEATH(reply.send(plain_text(200)), "answered already");
  EXPECT_DEATH(reply.start({}), "answered already");
}

TEST_P(HttpReplyTest, AHeadThatSaysCloseIsObeyed) {
  serve();
  peer_.send(get("/later") + get("/hello"));
  steps_.until(kept(1))
      .then([&] {
        kept_[0].send({200, {{"Connection", "close"}}, "bye"});
      })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{200}) << "what was sent behind is not served";
}

TEST_P(HttpReplyTest, ABodyWithoutALengthGoesInChunks) {
  serve();
  begin(get("/later") + get("/hello"));
  steps_.then([&] { body_.write("one "); })
      .until([&] { return peer_.begun() == "one "; })
      .then([&] {
        body_.write("");
        body_.write("two");
        body_.end();
        EXPECT_FALSE(body_);
      })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(*peer_.answers()[0].field("Transfer-Encoding"), "chunked");
  EXPECT_EQ(*peer_.answers()[0].field("X-Name"), "v");
  EXPECT_EQ(peer_.answers()[0].body, "one two");
  EXPECT_EQ(peer_.answers()[1].status, 200);
}

TEST_P(HttpReplyTest, ABodyWithALengthSaysIt) {
  serve();
  begin(get("/later") + get("/hello"), 7);
  steps_.then([&] {
    body_.write("one ");
    body_.write("two");
    body_.end();
  });
  steps_.until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(*peer_.answers()[0].field("Content-Length"), "7");
  EXPECT_EQ(peer_.answers()[0].body, "one two");
}

TEST_P(HttpReplyTest, ForHttp10ABodyEndsWithItsConnection) {
  serve();
  begin("GET /later HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  steps_.then([&] {
    body_.write("one two");
    body_.end();
  });
  steps_.until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.answers().at(0).body, "one two");
  EXPECT_EQ(*peer_.answers()[0].field("Connection"), "close");
}

TEST_P(HttpReplyTest, ABodyThatIsDroppedIsSeenToBeCut) {
  serve();
  begin(get("/later") + get("/hello"));
  steps_.then([&] {
    body_.write("one ");
    body_ = HttpBody();
  });
  steps_.until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(peer_.was_cut());
  EXPECT_EQ(peer_.begun(), "one ") << "what was written has come";
  EXPECT_TRUE(peer_.answers().empty()) << "nothing follows";
}

TEST_P(HttpReplyTest, ABodyThatIsShorterThanPromisedIsCut) {
  serve();
  begin(get("/later"), 7);
  steps_.then([&] {
    body_.write("one tw");
    body_.end();
  });
  steps_.until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(peer_.was_cut());
}

TEST_P(HttpReplyTest, ABodyThatIsLongerThanPromisedIsCut) {
  serve();
  begin(get("/later"), 7);
  steps_.then([&] { body_.write("one two "); });
  steps_.until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(peer_.was_cut());
  EXPECT_TRUE(body_.gone());
}

TEST_P(HttpReplyTest, HeadTakesNoBody) {
  serve();
  peer_.expect("HEAD");
  begin(http_request("HEAD", "/later"), 7);
  bool told = false;
  steps_.then([&] {
    EXPECT_TRUE(body_.gone());
    body_.write("one two");
    body_.on_ready([&] { told = true; });
  });
  steps_.until([&] { return told; });
  steps_.then([&] { body_.end(); }).then([&] { peer_.send(get("/hello")); });
  steps_.until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(*peer_.answers()[0].field("Content-Length"), "7");
  EXPECT_EQ(peer_.answers()[1].status, 200);
}

TEST_P(HttpReplyTest, WhoWritesIsToldWhenThereIsRoomAgain) {
  serve({.connection = {.pause_at = 1'000'000}});
  begin(get("/later"));
  int rounds = 0;
  Task fill = [&] {
    while (!body_.full()) body_.write(std::string(10'000, 'x'));
    if (++rounds == 5) return body_.end();
    body_.on_ready([&] {
      EXPECT_FALSE(body_.full());
      fill();
    });
  };
  steps_.then([&] { fill(); }).until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(rounds, 5);
  EXPECT_GT(peer_.answers().at(0).body.size(), 2'000'000u);
}

TEST_P(HttpReplyTest, WhoWaitsForRoomIsToldWhenTheClientHasGone) {
  serve({.connection = {.pause_at = 100'000}});
  begin(get("/later"));
  bool told = false;
  steps_
      .then([&] {
        while (!body_.full()) body_.write(std::string(10'000, 'x'));
        body_.on_ready([&] { told = body_.gone(); });
        reactor_.close(connection_);
      })
      .until([&] { return told; });
  ASSERT_TRUE(steps_.run());
  EXPECT_FALSE(body_.full());
}

TEST_P(HttpReplyTest, AnAnswerLargerThanAllLimitsIsSentAsItIsRead) {
  serve({.connection = {.pause_at = 100'000, .close_at = 300'000}});
  const std::string large(3'000'000, 'x');
  peer_.send(get("/later") + get("/hello"));
  steps_.until(kept(1))
      .then([&] { kept_[0].send(plain_text(200, large)); })
      .until(turns(9))
      .then([&] {
        auto* http = static_cast<HttpConnection*>(reactor_.find(connection_));
        EXPECT_LT(http->unsent(), 200'000u);
      })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.answers().at(0).body, large);
  EXPECT_EQ(peer_.answers().at(1).body, "Hello, World!\n");
}

TEST_P(HttpReplyTest, AnAnswerWithoutContentHasNoLength) {
  serve();
  peer_.send(get("/later") + get("/later"));
  steps_.until(kept(1))
      .then([&] { kept_[0].send({.status = 204}); })
      .until(kept(2))
      .then([&] {
        kept_[1].send({304, {{"ETag", "\"a\""}}, "unsent"});
      })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{204, 304}));
  EXPECT_EQ(peer_.answers()[0].field("Content-Length"), nullptr);
  EXPECT_EQ(peer_.answers()[1].field("Content-Length"), nullptr);
}

}  // namespace
}  // namespace rp
