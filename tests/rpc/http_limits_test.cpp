#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/http_served.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

using Statuses = std::vector<int>;

class HttpLimitsTest : public HttpTest {
 protected:
  /// Sends a piece each second, from the first at once.
  void dribble(std::string_view piece) {
    peer_.send(piece);
    reactor_.run_every(1s, [this, piece] { peer_.send(piece); });
  }
};
RP_ON_BOTH_POLLERS(HttpLimitsTest);

/// Requests that come at once, of which only some are served in one tick.
class HttpTurnsTest : public HttpTest {
 protected:
  static constexpr int kATick = 16;

  /// A route "/count"; `meanwhile` happens when it is not its turn.
  void serve_counting(Task meanwhile = {}) {
    open().get("/count", [this](const HttpRequest&) {
      ++in_tick_[reactor_.stats().ticks];
      if (++served_ == kATick) reactor_.at_phase_end(std::move(meanwhile_));
      return plain_text(200);
    });
    meanwhile_ = meanwhile ? std::move(meanwhile) : [] {};
    connect();
    for (int i = 0; i < 100; ++i) requests_ += get("/count");
  }

  std::string requests_;
  std::map<std::uint64_t, int> in_tick_;
  int served_ = 0;
  Task meanwhile_;
};
RP_ON_BOTH_POLLERS(HttpTurnsTest);

TEST_P(HttpTurnsTest, TheRestIsServedInTheNextTicks) {
  serve_counting();
  peer_.send(requests_);
  ASSERT_TRUE(wait_for(100));
  EXPECT_EQ(statuses(), Statuses(100, 200));
  EXPECT_EQ(in_tick_.size(), 7u);
  for (const auto& [tick, count] : in_tick_) EXPECT_LE(count, kATick) << tick;
}

TEST_P(HttpTurnsTest, SoAreThePiecesOfABody) {
  serve();
  peer_.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  std::string chunks;
  for (int i = 0; i < 1000; ++i) chunks += "1\r\nx\r\n";
  const auto before = reactor_.stats().ticks;
  peer_.send(chunks + "0\r\n\r\n");
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(peer_.answers()[0].body, std::string(1000, 'x'));
  EXPECT_GE(reactor_.stats().ticks - before, 1000u / 32);
}

TEST_P(HttpTurnsTest, NoMoreIsReadMeanwhile) {
  std::vector<bool> paused;
  const auto look = [&] {
    auto* http = static_cast<HttpConnection*>(reactor_.find(connection_));
    paused.push_back(http->paused());
  };
  serve_counting(look);
  peer_.send(requests_);
  steps_.until(peer_.has(100)).then(look);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(paused, (std::vector{true, false}));
}

TEST_P(HttpTurnsTest, AfterAHalfCloseAllAreAnswered) {
  serve_counting([this] { peer_.end_input(); });
  peer_.send(requests_);
  ASSERT_TRUE(run_until(reactor_, has_closed()));
  EXPECT_EQ(statuses(), Statuses(100, 200));
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(HttpTurnsTest, ADrainDoesNotWaitForThem) {
  serve_counting([this] { reactor_.drain(10s); });
  peer_.send(requests_);
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); });
  steps_.until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses(kATick, 200));
  EXPECT_EQ(end_->reason, CloseReason::drained);
}

TEST_P(HttpTurnsTest, WhoIsClosedMeanwhileHasNoTurn) {
  serve_counting([this] { reactor_.close(connection_); });
  peer_.send(requests_);
  steps_.until(has_closed()).until(turns(9));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(served_, kATick);
}

TEST_P(HttpTurnsTest, WhatWaitsIsNotMixedWithWhatOthersSend) {
  serve();
  StreamPair stream;
  reactor_.add(std::make_unique<HttpConnection>(std::move(stream.ours),
                                                Address(), *site_),
               Interest::reading());
  HttpPeer other(std::move(stream.theirs));
  peer_.send(get("/later") + post("/echo", "mine"));
  steps_.until(kept(1))
      .then([&] { other.send(post("/echo", std::string(999, 'x'))); })
      .until(other.has(1))
      .then([&] { kept_[0].send(plain_text(200)); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.answers().at(1).body, "mine");
}

TEST_P(HttpLimitsTest, AHeadThatDribblesIsAnswered408After15Seconds) {
  serve();
  const TimePoint begin = clock_.now();
  peer_.send("GET /hello HTTP/1.1\r\n");
  dribble("X: y\r\n");
  steps_.pass(15s - 1ns)
      .then([&] { EXPECT_FALSE(peer_.ended()); })
      .pass(1ns)
      .until(peer_.has_ended())
      .then([&] { peer_.end_input(); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{408});
  EXPECT_EQ(end_->time, begin + 15s);
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
  EXPECT_EQ(site_->stats().too_slow, 1u);
}

TEST_P(HttpLimitsTest, ABodyThatDribblesIsAnswered408After15Seconds) {
  serve();
  const TimePoint begin = clock_.now();
  peer_.send(post_head("/echo", 1000));
  dribble("x");
  steps_.pass(15s).until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(clock_.now(), begin + 15s);
  EXPECT_EQ(statuses(), Statuses{408});
}

TEST_P(HttpLimitsTest, AClientThatGoesOnAfter408IsClosedAfterALinger) {
  serve();
  const TimePoint begin = clock_.now();
  peer_.send("GET /hello HTTP/1.1\r\n");
  dribble("X: y\r\n");
  run_for(1min);
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->time, begin + 15s + ConnectionLimits().linger);
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
}

TEST_P(HttpLimitsTest, ARequestThatTakesAlmost15SecondsIsServed) {
  serve();
  peer_.send(post_head("/echo", 2) + "a");
  steps_.pass(15s - 1ns).then([&] { peer_.send("b"); }).until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{200});
}

TEST_P(HttpLimitsTest, EachRequestHasItsOwnTime) {
  serve();
  const std::string request = get("/hello");
  peer_.send(request.substr(0, 5));
  steps_.pass(10s)
      .then([&] { peer_.send(request.substr(5) + request.substr(0, 5)); })
      .pass(10s)
      .then([&] { EXPECT_EQ(statuses(), Statuses{200}); })
      .pass(5s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 408}));
}

TEST_P(HttpLimitsTest, AClientThatWaitsIsNeitherSlowNorIdle) {
  serve();
  peer_.send(get("/later") + "GET /hel");
  steps_.until(kept(1))
      .pass(1h)
      .then([&] { EXPECT_FALSE(end_) << "it is we who do not answer"; })
      .then([&] { kept_[0].send(plain_text(200)); })
      .pass(15s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), (Statuses{200, 408}));
}

TEST_P(HttpLimitsTest, WhoseBodyHasBegunIsNotToldToContinue) {
  serve();
  peer_.send(post_head("/echo", 4, {{"Expect", "100-continue"}}) + "ab");
  steps_.until(turns(9))
      .then([&] { EXPECT_EQ(peer_.raw(), ""); })
      .then([&] { peer_.send("cd"); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{200});
}

TEST_P(HttpLimitsTest, WhoIsAnsweredWhileTheLoopDrainsIsDrained) {
  serve();
  peer_.send(get("/later"));
  steps_.until(kept(1))
      .then([&] { reactor_.drain(10s); })
      .then([&] { kept_[0].send(plain_text(200)); })
      .until(peer_.has_ended())
      .then([&] { peer_.end_input(); })
      .until(has_closed());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::drained);
}

TEST_P(HttpLimitsTest, AnIdleClientIsClosedAfter60Seconds) {
  serve();
  const TimePoint begin = clock_.now();
  run_for(2min);
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->reason, CloseReason::idle);
  EXPECT_EQ(end_->time, begin + 60s);
}

TEST_P(HttpLimitsTest, AClientIsIdleFromItsLastAnswerOn) {
  serve();
  const TimePoint begin = clock_.now();
  steps_.pass(30s).then([&] { peer_.send(get("/hello")); }).pass(61s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(statuses(), Statuses{200});
  EXPECT_EQ(end_->time, begin + 90s);
}

TEST_P(HttpLimitsTest, AClientThatDoesNotReadItsAnswerIsIdle) {
  open().get("/large", [](const HttpRequest&) {
    return plain_text(200, std::string(3'000'000, 'x'));
  });
  connect();
  const TimePoint begin = clock_.now();
  peer_.send(get("/large"));
  run_for(2min);
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->reason, CloseReason::idle);
  EXPECT_EQ(end_->time, begin + 60s);
}

TEST_P(HttpLimitsTest, ABodyAtTheLimitIsTakenAndOneBeyondIsRefused) {
  serve({.http = {.body = 1000}});
  peer_.send(post("/echo", std::string(1000, 'x')) + post_head("/echo", 1001));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{200, 413})) << "before it has come";
  EXPECT_EQ(peer_.answers()[0].body.size(), 1000u);
}

TEST_P(HttpLimitsTest, AHeadAtTheLimitIsTakenAndOneBeyondIsRefused) {
  serve({.http = {.head = 1000}});
  const std::size_t rest = get("/hello", {{"X", ""}}).size();
  const std::string most(1000 - rest, 'x');
  peer_.send(get("/hello", {{"X", most}}) + get("/hello", {{"X", most + "x"}}));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(statuses(), (Statuses{200, 431}));
}

TEST_P(HttpLimitsTest, PipelinedRequestsOfWhoDoesNotReadAreNotServed) {
  open({.connection = {.pause_at = 1000}});
  StreamPair stream;
  stream.fill();
  connect(std::move(stream));
  const std::string body(1001, 'x');
  peer_.send(post("/echo", body) + post("/echo", body) + post("/echo", body));
  steps_.until(turns(20)).then([&] {
    EXPECT_EQ(site_->stats().requests, 1u);
    EXPECT_FALSE(peer_.raw().empty());
  });
  steps_.until([&] { return site_->stats().requests == 3; });
  ASSERT_TRUE(steps_.run());
}

}  // namespace
}  // namespace rp
