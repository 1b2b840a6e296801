#include <chrono>
#include <string>
#include <vector>

#include "tests/support/websocket_test.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class WebSocketLimitsTest : public WebSocketTest {
 protected:
  /// Sends the same bytes each `pause`, from now on.
  void send_every(Duration pause, const std::string& bytes) {
    steps_.then([this, pause, bytes] {
      reactor_.run_every(pause, [this, bytes] { peer_.send(bytes); });
    });
  }

  /// What is in the log when so much time has passed.
  Lines log_after(Duration time) {
    steps_.pass(time);
    return log_now();
  }

  /// Sends 1000 messages at once, and something behind them. The next step
  /// comes when the first of them are taken.
  void send_many(const std::string& behind = {}) {
    std::string many;
    for (int i = 0; i < 1000; ++i) {
      many += client_frame(0x81, std::to_string(i));
    }
    send(many + behind);
    steps_.until(logged(1));
  }

  /// All that send_many() sent, and how it ended.
  Lines many_and(const std::string& end) {
    Lines lines;
    for (int i = 0; i < 1000; ++i) lines.push_back("text " + std::to_string(i));
    lines.push_back(end);
    return lines;
  }

  bool is_paused() {
    return static_cast<Connection*>(reactor_.find(connection_))->paused();
  }

  /// Much is sent to a peer that does not read.
  void send_much() {
    steps_.then([this] { user_->send_binary(std::string(1'000'000, 'x')); });
  }
};
RP_ON_BOTH_POLLERS(WebSocketLimitsTest);

TEST_P(WebSocketLimitsTest, APingIsSentAfter20SecondsOfSilence) {
  open();
  expect_after(20s, peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.events(), Lines{"ping "});
}

TEST_P(WebSocketLimitsTest, NoPingIsSentToAPeerThatSpeaks) {
  open();
  send_every(1s, client_frame(0x82, "x"));
  log_after(61s);
  EXPECT_EQ(peer_.events(), Lines{});
}

TEST_P(WebSocketLimitsTest, AMutePeerIsEndedAfter60Seconds) {
  open();
  expect_after(60s, logged(1));
  EXPECT_EQ(log_now(), Lines{"ended 1006 idle idle"});
  EXPECT_EQ(peer_.events(), (Lines{"ping ", "ping "}));
}

TEST_P(WebSocketLimitsTest, APeerThatAnswersPingsIsNotMute) {
  open();
  send_every(20s, client_frame(0x8a, ""));
  EXPECT_EQ(log_after(1h), Lines{});
}

TEST_P(WebSocketLimitsTest, AMessageTakesAtMost15Seconds) {
  open();
  send(client_frame(0x01, "x"));
  send_every(1s, client_frame(0x00, "x"));
  expect_after(15s, logged(1));
  EXPECT_EQ(log_now(), Lines{"ended 1006 too-slow too-slow"});
}

TEST_P(WebSocketLimitsTest, AMessageOfAlmost15SecondsIsTaken) {
  open();
  send(client_frame(0x01, "x"));
  steps_.pass(15s - 1ns);
  send(client_frame(0x80, "y"));
  EXPECT_EQ(log_when(logged(1)), Lines{"text xy"});
}

TEST_P(WebSocketLimitsTest, PingsDoNotLengthenTheTimeOfAMessage) {
  open();
  send(client_frame(0x01, "x"));
  send_every(1s, client_frame(0x89, "x"));
  expect_after(15s, logged(1));
  EXPECT_TRUE(steps_.run());
}

TEST_P(WebSocketLimitsTest, FramesThatAreAlwaysCutAreNotTooSlow) {
  open();
  const std::string ping = client_frame(0x89, "x");
  send(ping.substr(0, 3));
  send_every(1s, ping.substr(3) + ping.substr(0, 3));
  EXPECT_EQ(log_after(1min), Lines{});
}

TEST_P(WebSocketLimitsTest, EachMessageHasItsOwnTime) {
  open();
  const std::string frame = client_frame(0x81, "x");
  send(frame.substr(0, 3));
  send_every(10s, frame.substr(3) + frame.substr(0, 3));
  EXPECT_EQ(log_after(31s), (Lines{"text x", "text x", "text x"}));
}

TEST_P(WebSocketLimitsTest, AFrameThatDribblesIsTooSlow) {
  open();
  send(client_frame(0x89, std::string(125, 'x')).substr(0, 20));
  send_every(1s, "y");
  expect_after(15s, logged(1));
  EXPECT_TRUE(steps_.run());
}

TEST_P(WebSocketLimitsTest, WhoIsPausedGetsNoMessagesUntilItResumes) {
  const std::string two = client_frame(0x81, "two");
  open();
  steps_.then([&] { user_->pause(); });
  send(client_frame(0x81, "one") + two.substr(0, 5));
  steps_.pass(10min).then([&] {
    EXPECT_EQ(log_, Lines{}) << "it is we who do not read";
    user_->resume();
  });
  steps_.until(logged(1));
  send(two.substr(5));
  EXPECT_EQ(log_when(logged(2)), (Lines{"text one", "text two"}));
}

TEST_P(WebSocketLimitsTest, APeerThatDoesNotReadIsNotReadFrom) {
  open({}, {.pause_at = 100'000});
  send_much();
  send(client_frame(0x81, "wait") + client_frame(0x81, "too"));
  steps_.pass(1s).then([&] { EXPECT_EQ(log_, Lines{}); });
  steps_.until(peer_.has(1));
  EXPECT_EQ(log_when(logged(2)), (Lines{"text wait", "text too"}));
}

TEST_P(WebSocketLimitsTest, APeerThatNeverReadsIsClosed) {
  open({}, {.close_at = 1'000'010});
  send_much();
  steps_.then([&] { EXPECT_EQ(log_, Lines{}) << "at the limit"; });
  steps_.then([&] { user_->send_binary("one beyond"); });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 1006 overflow overflow"});
}

TEST_P(WebSocketLimitsTest, APeerThatStopsReadingIsIdle) {
  open({}, {.pause_at = 100'000});
  send_much();
  expect_after(60s, logged(1));
  EXPECT_EQ(log_now(), Lines{"ended 1006 idle idle"});
}

TEST_P(WebSocketLimitsTest, OfManyMessagesAtOnceATickTakesSome) {
  open();
  send_many(client_frame(0x88, closing(1000)));
  steps_.then([&] {
    EXPECT_LE(log_.size(), 64u);
    EXPECT_TRUE(is_paused()) << "what waits does not grow";
    peer_.end_input();
  });
  EXPECT_EQ(log_when(logged(1001)), many_and("ended 1000 peer peer"));
}

TEST_P(WebSocketLimitsTest, ManyMessagesAtOnceAreTakenBeforeTheEndOfInput) {
  open();
  send_many();
  steps_.then([&] { peer_.end_input(); });
  EXPECT_EQ(log_when(logged(1001)), many_and("ended 1006 peer peer"));
}

TEST_P(WebSocketLimitsTest, WhoPausesAmongManyMessagesGetsTheRestLater) {
  open();
  send_many();
  steps_.then([&] { user_->pause(); }).pass(1s).then([&] {
    EXPECT_LE(log_.size(), 64u);
    EXPECT_TRUE(is_paused());
    user_->resume();
    EXPECT_LE(log_.size(), 128u) << "to resume is no way round it";
  });
  EXPECT_EQ(log_when(logged(1000)).size(), 1000u);
}

TEST_P(WebSocketLimitsTest, WhoClosesAmongManyMessagesThrowsTheRestAway) {
  open();
  send_many(client_frame(0x88, closing(4000)));
  steps_.then([&] {
    log_.clear();
    user_->close(4000);
    EXPECT_TRUE(is_paused()) << "what waits does not grow";
    peer_.end_input();
  });
  EXPECT_EQ(log_when(logged(1)), Lines{"ended 4000 local local"});
}

TEST_P(WebSocketLimitsTest, WhoIsLostAmongManyMessagesHasNoTurn) {
  open();
  send_many();
  steps_.then([&] {
    log_.clear();
    reactor_.close(connection_);
  });
  steps_.until(logged(1)).then(
      [&] { EXPECT_EQ(reactor_.timers().size(), 0u); });
  EXPECT_EQ(log_now(), Lines{"ended 1006 local local"});
}

TEST_P(WebSocketLimitsTest, WithoutALimitTheClosingFrameIsAwaited) {
  open({.idle = 0s, .closing = 0s});
  steps_.then([&] { user_->close(4000); });
  EXPECT_EQ(log_after(1h), Lines{});
}

TEST_P(WebSocketLimitsTest, WhatCameBeforeTheEndIsHandedOverFirst) {
  open();
  steps_.then([&] { user_->pause(); });
  send(client_frame(0x81, "one") + client_frame(0x81, "two"));
  steps_.then([&] { peer_.end_input(); }).pass(1s);
  steps_.then([&] { user_->resume(); });
  EXPECT_EQ(log_when(logged(3)),
            (Lines{"text one", "text two", "ended 1006 peer peer"}));
}

}  // namespace
}  // namespace rp
