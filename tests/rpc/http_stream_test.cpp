#include "rpc/http_stream.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;

/// What the takers of a test have seen.
struct Seen {
  std::string bytes;
  std::size_t made = 0;
  std::size_t destroyed = 0;
  HttpIntake* intake = nullptr;
  HttpReply reply;
  std::size_t pause_at = std::string::npos;
  bool throws = false;
  bool refuses = false;
};

class KeepingTaker : public HttpTaker {
 public:
  explicit KeepingTaker(Seen& seen) : seen_(seen) { ++seen_.made; }
  ~KeepingTaker() override { ++seen_.destroyed; }

  void on_body(std::string_view bytes) override {
    if (seen_.throws) throw std::runtime_error("no room");
    seen_.bytes += bytes;
    if (seen_.bytes.size() >= seen_.pause_at) seen_.intake->pause();
    if (!seen_.refuses) return;
    Seen& seen = seen_;
    seen.intake->refuse(plain_text(507));
    EXPECT_EQ(seen.destroyed, 0u) << "within its own call";
  }
  void on_end(HttpReply reply) override { seen_.reply = std::move(reply); }

 private:
  Seen& seen_;
};

/// A route "/up" whose takers keep what comes in `seen_`.
class HttpStreamTest : public HttpTest {
 protected:
  void serve_stream(StreamLimits limits = {}, HttpOptions options = {}) {
    open(std::move(options))
        .stream(
            "POST", "/up",
            [this](const HttpRequest&, HttpIntake& intake) -> HttpStart {
              seen_.intake = &intake;
              return std::make_unique<KeepingTaker>(seen_);
            },
            limits);
    connect();
  }

  Function<bool()> has_all(std::size_t bytes) {
    return [this, bytes] { return seen_.bytes.size() >= bytes; };
  }

  Function<bool()> has_reply() {
    return [this] { return static_cast<bool>(seen_.reply); };
  }

  Seen seen_;
};
RP_ON_BOTH_POLLERS(HttpStreamTest);

TEST_P(HttpStreamTest, ABodyIsTakenAsItComes) {
  serve_stream();
  steps_.then([&] { peer_.send(post_head("/up", 6) + "abc"); })
      .until(has_all(3))
      .then([&] { peer_.send("def" + get("/hello")); })
      .until(has_reply())
      .then([&] { EXPECT_EQ(seen_.destroyed, 0u) << "until it has answered"; })
      .then([&] { seen_.reply.send(plain_text(201)); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(seen_.bytes, "abcdef");
  EXPECT_EQ(seen_.destroyed, 1u);
  EXPECT_EQ(statuses(), (Statuses{201, 200}));
}

TEST_P(HttpStreamTest, ALimitOfItsOwnReplacesTheSites) {
  serve_stream({.body = 1000}, {.http = {.body = 10}});
  peer_.send(post("/up", std::string(1000, 'x')));
  steps_.until(has_reply())
      .then([&] { seen_.reply.send(plain_text(200)); })
      .then([&] { peer_.send(post_head("/up", 1001)); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 413}));
  EXPECT_EQ(peer_.answers().at(1).body, "a body of more than 1000 bytes\n");
  EXPECT_EQ(seen_.made, 1u) << "no taker for what is refused at once";
}

TEST_P(HttpStreamTest, ChunksBeyondTheLimitEndTheTaker) {
  serve_stream({.body = 10});
  peer_.send(
      "POST /up HTTP/1.1\r\nHost: localhost\r\n"
      "Transfer-Encoding: chunked\r\n\r\n"
      "a\r\n0123456789\r\n1\r\nx\r\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{413});
  EXPECT_EQ(peer_.answers().at(0).body, "a body of more than 10 bytes\n");
  EXPECT_EQ(seen_.bytes, "0123456789");
  EXPECT_EQ(seen_.destroyed, 1u);
}

TEST_P(HttpStreamTest, WhoPausesGetsNoMoreUntilHeResumes) {
  serve_stream();
  seen_.pause_at = 3;
  steps_.then([&] { peer_.send(post_head("/up", 9) + "abc"); })
      .until(has_all(3))
      .then([&] { peer_.send("def"); })
      .until(turns(9))
      .then([&] { EXPECT_EQ(seen_.bytes, "abc"); })
      .then([&] { seen_.intake->resume(); })
      .until(has_all(6))
      .then([&] {
        EXPECT_EQ(seen_.bytes, "abcdef");
        peer_.send("ghi");
        seen_.pause_at = std::string::npos;
        seen_.intake->resume();
      })
      .until(has_reply());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(seen_.bytes, "abcdefghi");
}

TEST_P(HttpStreamTest, APausedBodyIsNotRead) {
  serve_stream();
  seen_.pause_at = 1;
  peer_.send(post_head("/up", 1'000'000) + std::string(200'000, 'x'));
  steps_.until(has_all(1)).until(turns(20)).then([&] {
    EXPECT_LE(seen_.bytes.size(), 65'536u) << "what one reading gives";
  });
  ASSERT_TRUE(steps_.run());
}

TEST_P(HttpStreamTest, WhoWantsNoBytesYetDoesNotAskForThem) {
  serve_stream();
  site_->stream("POST", "/slow",
                [this](const HttpRequest&, HttpIntake& intake) -> HttpStart {
                  seen_.intake = &intake;
                  intake.pause();
                  return std::make_unique<KeepingTaker>(seen_);
                });
  peer_.send(post_head("/slow", 3, {{"Expect", "100-continue"}}));
  steps_.until([&] { return seen_.made == 1; })
      .until(turns(9))
      .then([&] { EXPECT_TRUE(peer_.answers().empty()); })
      .then([&] { seen_.intake->resume(); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{100});
}

TEST_P(HttpStreamTest, ARouteMayRefuseByTheHead) {
  serve_stream();
  site_->stream("POST", "/no", [](const HttpRequest&, HttpIntake& intake) {
    intake.pause();
    return HttpStart(plain_text(507));
  });
  peer_.send(post("/no", "") + get("/hello") +
             post_head("/no", 5, {{"Expect", "100-continue"}}));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{507, 200, 507}));
}

TEST_P(HttpStreamTest, ATakerMayRefuseTheRest) {
  serve_stream();
  peer_.send(post_head("/up", 1000) + "abc");
  steps_.until(has_all(3))
      .then([&] { seen_.intake->refuse(plain_text(507, "full\n")); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{507});
  EXPECT_EQ(seen_.destroyed, 1u);
}

TEST_P(HttpStreamTest, ATakerMayRefuseTheRestWhileItTakes) {
  serve_stream();
  seen_.refuses = true;
  peer_.send(post_head("/up", 1000) + "abc");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{507});
  EXPECT_EQ(seen_.destroyed, 1u);
}

TEST_P(HttpStreamTest, ATakerThatThrowsIsAnswered500AndDestroyed) {
  serve_stream();
  seen_.throws = true;
  peer_.send(post_head("/up", 1000) + "abc");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), Statuses{500});
  EXPECT_EQ(seen_.destroyed, 1u);
}

TEST_P(HttpStreamTest, ATakerIsDestroyedWhenItsClientGoesAway) {
  serve_stream();
  peer_.send(post_head("/up", 1000) + "abc");
  steps_.until(has_all(3)).then([&] { peer_.close(); }).until([&] {
    return seen_.destroyed == 1;
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_FALSE(seen_.reply) << "it was not told an end";
}

TEST_P(HttpStreamTest, ATakerIsDestroyedWhenItsClientEndsEarly) {
  serve_stream();
  peer_.send(post_head("/up", 1000) + "abc");
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, has_closed()));
  EXPECT_EQ(seen_.destroyed, 1u);
  EXPECT_FALSE(seen_.reply);
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(HttpStreamTest, AHeadStillHasItsTime) {
  serve_stream();
  peer_.send("POST /up HTTP/1.1\r\n");
  steps_.pass(15s).until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{408});
}

/// 100 bytes a second, taken over 10 s, are 1,000 in each 10 s.
TEST_P(HttpStreamTest, ABodyBelowTheLeastRateIsAnswered408) {
  serve_stream({.least_rate = 100, .window = 10s});
  const TimePoint begin = clock_.now();
  peer_.send(post_head("/up", 1'000'000) + std::string(1000, 'x'));
  steps_.pass(10s).then([&] { peer_.send(std::string(999, 'x')); });
  steps_.pass(10s - 1ns).then([&] { EXPECT_FALSE(peer_.ended()); });
  steps_.pass(1ns).until(peer_.has_ended());
  steps_.then([&] { peer_.end_input(); }).until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{408});
  EXPECT_EQ(end_->time, begin + 20s);
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
  EXPECT_EQ(seen_.destroyed, 1u);
}

TEST_P(HttpStreamTest, ABodyAtTheLeastRateMayTakeAnyTime) {
  serve_stream({.least_rate = 100, .window = 10s});
  peer_.send(post_head("/up", 100'000));
  for (int i = 0; i < 100; ++i) {
    steps_.then([&] { peer_.send(std::string(1000, 'x')); }).pass(10s);
  }
  ASSERT_TRUE(steps_.run());
  EXPECT_TRUE(seen_.reply);
  EXPECT_EQ(seen_.bytes.size(), 100'000u);
}

TEST_P(HttpStreamTest, TimeInWhichTheTakerPausesIsNotTheClients) {
  serve_stream({.least_rate = 100, .window = 10s});
  seen_.pause_at = 1;
  const TimePoint begin = clock_.now();
  peer_.send(post_head("/up", 1000));
  for (std::size_t i = 1; i <= 10; ++i) {
    steps_.then([&] { peer_.send("x"); })
        .until(has_all(i))
        .pass(1h)
        .then([&] { seen_.intake->resume(); })
        .pass(1s - 1ns)
        .then([&] { EXPECT_FALSE(peer_.ended()); })
        .pass(1ns);
  }
  steps_.until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{408}) << "but all other time is";
  EXPECT_EQ(clock_.now(), begin + 10h + 10s);
}

TEST_P(HttpStreamTest, WithoutALeastRateOnlyIdlenessEndsABody) {
  serve_stream({.least_rate = 0});
  peer_.send(post_head("/up", 1000) + "x");
  steps_.pass(59s).then([&] { peer_.send("x"); });
  steps_.pass(60s - 1ns).then([&] { EXPECT_FALSE(end_); }).pass(1ns);
  ASSERT_TRUE(steps_.run());
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->reason, CloseReason::idle);
}

}  // namespace
}  // namespace rp
