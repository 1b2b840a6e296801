#include <chrono>

#include "tests/support/line_server.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class LineLimitsTest : public LineTest {
 protected:
  /// Sends a piece of a line each second, from the first at once.
  void dribble(std::string_view piece) {
    peer_.send(piece);
    dribbling_ = reactor_.run_every(1s, [this, piece] { peer_.send(piece); });
  }

  /// A line of so many bytes, its end not counted.
  static std::string line_of(std::size_t bytes) {
    const std::string shortest = request("echo", R"([""])");
    return request("echo",
                   "[\"" + std::string(bytes - shortest.size(), 'x') + "\"]");
  }

  static std::string many_requests() {
    std::string many;
    for (int i = 1; i <= 1000; ++i) {
      many += request("add", "[2,3]", std::to_string(i)) + "\n";
    }
    return many;
  }

  /// Sends 1000 requests at once. The next step comes when the first of them
  /// are answered.
  void send_many() {
    peer_.send(many_requests());
    steps_.until(peer_.has(1)).then([this] {
      EXPECT_LE(peer_.lines().size(), 64u);
      EXPECT_TRUE(connection().paused()) << "what waits does not grow";
    });
  }

  LineConnection& connection() {
    return *static_cast<LineConnection*>(reactor_.find(connection_));
  }

  TimerId dribbling_;
};
RP_ON_BOTH_POLLERS(LineLimitsTest);

TEST_P(LineLimitsTest, APeerThatDribblesIsEndedAfter15Seconds) {
  serve();
  const TimePoint begin = clock_.now();
  dribble(" ");
  steps_.pass(16s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
  EXPECT_EQ(end_->time, begin + 15s);
}

TEST_P(LineLimitsTest, ALineThatTakesAlmost15SecondsIsServed) {
  serve();
  peer_.send(request("add", "[2,3]"));
  steps_.pass(15s - 1ns).then([&] { peer_.send("\n"); }).until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineLimitsTest, EachLineHasItsOwnTime) {
  serve();
  peer_.send("{");
  steps_.pass(10s).then([&] { peer_.send("}\n{"); }).pass(10s);
  steps_.then([&] { EXPECT_FALSE(end_); }).pass(5s);
  ASSERT_TRUE(steps_.run());
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
}

TEST_P(LineLimitsTest, APeerThatWaitsForItsAnswerIsNotTooSlow) {
  serve({.receive = 15s, .session = {{.in_flight = 1}}});
  peer_.send(request("later") + "\n{");
  steps_.until(kept(1)).pass(1h);
  steps_.then([&] { EXPECT_FALSE(end_) << "it is we who do not read"; })
      .then([&] { kept_[0].result(1); })
      .pass(15s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
}

TEST_P(LineLimitsTest, ABegunLineThatWeLeaveUnreadIsNotTooSlow) {
  serve({.receive = 15s, .session = {{.in_flight = 1}}});
  session_->ask(
      "name", {}, [](const CallResult&) {}, 10s);
  peer_.send(request("later") + "\n{");  // read on, for the sake of the name
  steps_.until(kept(1)).pass(1h);
  steps_.then([&] { EXPECT_FALSE(end_) << "it is we who do not read"; })
      .then([&] { kept_[0].result(1); })
      .pass(15s);
  ASSERT_TRUE(steps_.run());
  ASSERT_TRUE(end_);
  EXPECT_EQ(end_->reason, CloseReason::too_slow);
}

TEST_P(LineLimitsTest, AnIdlePeerIsEndedAfter60Seconds) {
  serve();
  const TimePoint begin = clock_.now();
  steps_.pass(61s);
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::idle);
  EXPECT_EQ(end_->time, begin + 60s);
}

TEST_P(LineLimitsTest, APeerThatIsOwedAnAnswerIsNotIdle) {
  serve();
  peer_.send_line(request("later"));
  steps_.until(kept(1)).pass(10min).then([&] { kept_[0].result(1); });
  steps_.until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines()[0], result("1"));
}

TEST_P(LineLimitsTest, ALineAtTheLimitIsServedAndOneBeyondIsRefused) {
  serve({.line = 1000});
  peer_.send_line(line_of(1000));
  peer_.send_line(line_of(1001));
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.lines().size(), 2u);
  EXPECT_EQ(error_code(peer_.lines()[0]), 0);
  EXPECT_EQ(error_code(peer_.lines()[1]), kInvalidRequest);
  EXPECT_EQ(error_message(peer_.lines()[1]),
            "a line is longer than 1000 bytes");
}

TEST_P(LineLimitsTest, ALineThatIsTooLongIsRefusedBeforeItsEnd) {
  serve({.line = 1000});
  peer_.send(std::string(1001, ' '));
  steps_.until(peer_.has_ended()).then([&] { peer_.end_input(); }).until([&] {
    return end_.has_value();
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(peer_.lines().at(0)), kInvalidRequest);
  EXPECT_EQ(end_->reason, CloseReason::protocol);
}

TEST_P(LineLimitsTest, AfterALineThatIsTooLongWhatIsOwedIsStillSent) {
  serve({.line = 100});
  peer_.send(request("later") + "\n" + std::string(200, 'x') + "\n" +
             request("add", "[2,3]", "2") + "\n");
  steps_.until(peer_.has(1))
      .then([&] { kept_.at(0).result("owed"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(peer_.lines().size(), 2u) << "the line behind is not served";
  EXPECT_EQ(error_code(peer_.lines()[0]), kInvalidRequest);
  EXPECT_EQ(peer_.lines()[1], result("\"owed\""));
}

TEST_P(LineLimitsTest, AtItsLimitInFlightAPeerIsNotReadUntilOneIsAnswered) {
  serve();
  for (int i = 1; i <= 64; ++i) {
    peer_.send_line(request("later", {}, std::to_string(i)));
  }
  peer_.send_line(request("add", "[2,3]", "65"));
  const auto turned = [turns = 0]() mutable { return ++turns == 20; };
  std::size_t unread = 0;
  steps_.until(kept(64))
      .until(turned)
      .then([&] { EXPECT_TRUE(peer_.lines().empty()); })
      .then([&] { unread = peer_.fill(); })
      .until(turned)
      .then([&] { EXPECT_EQ(peer_.fill(), 0u) << "it is being read"; })
      .then([&] { kept_[7].result("room"); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_GT(unread, 0u);
  EXPECT_EQ(peer_.lines()[0], result("\"room\"", "8"));
  EXPECT_EQ(peer_.lines()[1], result("5", "65"));
}

TEST_P(LineLimitsTest, ABatchIsTakenWholeAndPausesReadingAfterwards) {
  serve({.session = {{.in_flight = 2}}});
  std::vector<std::string> five(5, notification("later"));
  peer_.send(batch(five) + "\n" + request("add", "[2,3]") + "\n");
  steps_.until(kept(5))
      .until([turns = 0]() mutable { return ++turns == 20; })
      .then([&] { EXPECT_TRUE(peer_.lines().empty()); })
      .then([&] { kept_.resize(1); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineLimitsTest, APeerThatDoesNotReadItsAnswersIsNotReadEither) {
  serve_slow_reader({.connection = {.pause_at = 1000}});
  const std::string answer = result("[\"" + std::string(1000, 'x') + "\"]");
  for (int i = 0; i < 3; ++i) peer_.send_line(line_of(answer.size()));
  steps_.until([turns = 0]() mutable { return ++turns == 20; });
  steps_.then([&] {
    EXPECT_TRUE(connection().choked());
    EXPECT_LT(connection().unsent(), 2 * answer.size()) << "one was served";
  });
  steps_.until(peer_.has(3));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines().size(), 3u);
}

TEST_P(LineLimitsTest, OfManyLinesAtOnceATickTakesSome) {
  serve();
  send_many();
  steps_.then([&] { peer_.end_input(); }).until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(peer_.lines().size(), 1000u) << "before the end of input";
  EXPECT_EQ(peer_.lines().back(), result("5", "1000"));
}

TEST_P(LineLimitsTest, ADrainAmongManyLinesAnswersAllOfThem) {
  serve();
  send_many();
  steps_.then([&] { reactor_.drain(10s); }).until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(peer_.lines().size(), 1000u);
  EXPECT_EQ(error_code(peer_.lines().back()), kShuttingDown);
}

TEST_P(LineLimitsTest, WhoIsLostAmongManyLinesHasNoTurn) {
  serve();
  peer_.send(many_requests());
  peer_.close();
  steps_.until([&] { return end_.has_value(); }).then([&] {
    EXPECT_EQ(reactor_.timers().size(), 0u);
  });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::reset) << "it could not be answered";
}

TEST_P(LineLimitsTest, AnAnswerAmongManyLinesDoesNotBringTheRestForward) {
  serve();
  peer_.send_line(request("later", {}, "0"));
  send_many();
  steps_.then([&] {
    kept_.at(0).result(1);
    EXPECT_TRUE(connection().paused());
    EXPECT_LE(peer_.lines().size(), 64u);
  });
  steps_.until(peer_.has(1001));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines().back(), result("5", "1000"));
}

TEST_P(LineLimitsTest, APeerThatIsSentTooMuchIsEnded) {
  serve_slow_reader({.connection = {.pause_at = 1000, .close_at = 5000}});
  const std::string filler(4000, 'x');
  session_->notify("n", std::string_view(filler));
  steps_.until([turns = 0]() mutable { return ++turns == 9; })
      .then([&] { EXPECT_FALSE(end_); })
      .then([&] { session_->notify("n", std::string_view(filler)); })
      .until([&] { return end_.has_value(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(end_->reason, CloseReason::overflow);
}

}  // namespace
}  // namespace rp
