#include "rpc/line_connection.h"

#include <stdexcept>

#include "tests/support/line_server.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using LineConnectionTest = LineTest;
RP_ON_BOTH_POLLERS(LineConnectionTest);

TEST_P(LineConnectionTest, AnswersALineByALine) {
  serve();
  peer_.send_line(request("add", "[2,3]"));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineConnectionTest, TakesManyLinesAtOnce) {
  serve();
  peer_.send(request("add", "[2,3]") + "\r\n\n" + request("add", "[3,4]") +
             "\n");
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(peer_.lines()[0], result("5"));
  EXPECT_EQ(peer_.lines()[1], result("7"));
}

TEST_P(LineConnectionTest, TakesALineByteByByte) {
  serve();
  for (const char c : request("add", "[2,3]") + "\n") {
    steps_.then([this, c] {
            peer_.send({&c, 1});
          })
        .until([&, turns = 0]() mutable { return ++turns == 3; });
  }
  steps_.until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineConnectionTest, AMalformedLineDoesNotDisturbTheNext) {
  serve();
  peer_.send("{bad\n" + request("add", "[2,3]") + "\n");
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(error_code(peer_.lines()[0]), kParseError);
  EXPECT_EQ(peer_.lines()[1], result("5"));
}

TEST_P(LineConnectionTest, AfterAHalfCloseAllThatIsOwedIsSent) {
  serve();
  peer_.send_line(request("later", {}, "1"));
  peer_.send_line(request("later", {}, "2"));
  peer_.send_line(request("add", "[2,3]", "3"));
  peer_.end_input();
  steps_.until([&] { return kept_.size() == 2 && peer_.lines().size() == 1; })
      .pass(std::chrono::minutes(5))
      .then([&] { kept_[1].result("b"); })
      .until(peer_.has(2))
      .then([&] { kept_[0].result("a"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.lines(),
            (std::vector<std::string>{result("5", "3"), result("\"b\"", "2"),
                                      result("\"a\"", "1")}));
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(LineConnectionTest, ALastLineNeedsNoEnd) {
  serve();
  peer_.send(request("add", "[2,3]"));
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.lines().size(), 1u);
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineConnectionTest, AnEndWithoutAnythingClosesInSilence) {
  serve();
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_TRUE(peer_.lines().empty());
  EXPECT_EQ(end_->reason, CloseReason::peer);
}

TEST_P(LineConnectionTest, APeerThatGoesAwayLosesItsAnswersOnly) {
  serve();
  peer_.send_line(request("later"));
  steps_.until(kept(1))
      .then([&] { peer_.close(); })
      .until([&, turns = 0]() mutable { return ++turns == 9; })
      .then([&] { kept_[0].result("lost"); })
      .until([&] { return end_.has_value(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_NE(end_->reason, CloseReason::shutdown);
}

TEST_P(LineConnectionTest, DrainsWhenWhatIsInFlightIsAnswered) {
  serve();
  peer_.send_line(request("later", {}, "1"));
  steps_.until(kept(1))
      .then([&] { reactor_.drain(std::chrono::seconds(10)); })
      .then([&] { peer_.send_line(request("add", "[2,3]", "2")); })
      .until(peer_.has(1))
      .then([&] { kept_[0].result("done"); })
      .until(peer_.has_ended())
      .then([&] { peer_.end_input(); })
      .until([&] { return end_.has_value(); });
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(peer_.lines()[0]), kShuttingDown);
  EXPECT_EQ(peer_.lines()[1], result("\"done\"", "1"));
  EXPECT_EQ(end_->reason, CloseReason::drained);
}

TEST_P(LineConnectionTest, AtTheDrainsDeadlineWhatIsOwedIsRefused) {
  serve();
  const TimePoint begin = clock_.now();
  peer_.send_line(request("later", {}, "1"));
  peer_.send_line(batch({request("later", {}, "2"), notification("later")}));
  bool drained = false;
  reactor_.run([&] {
    reactor_.run_after(std::chrono::seconds(1), [&] {
      drained = true;
      reactor_.drain(std::chrono::seconds(10));
    });
  });
  EXPECT_TRUE(drained);
  EXPECT_EQ(clock_.now(), begin + std::chrono::seconds(11));
  ASSERT_EQ(peer_.lines().size(), 2u);
  EXPECT_EQ(error_code(peer_.lines()[0]), kShuttingDown);
  EXPECT_NE(peer_.lines()[1].find("-32004"), std::string::npos);
  EXPECT_TRUE(peer_.ended());
}

TEST_P(LineConnectionTest, AQuietConnectionDrainsAtOnce) {
  serve();
  const TimePoint begin = clock_.now();
  peer_.send_line(request("add", "[2,3]"));
  reactor_.run([&] {
    reactor_.run_after(std::chrono::seconds(1), [&] {
      reactor_.drain(std::chrono::seconds(10));
      peer_.end_input();
    });
  });
  EXPECT_EQ(clock_.now(), begin + std::chrono::seconds(1));
  EXPECT_EQ(peer_.lines()[0], result("5"));
}

TEST_P(LineConnectionTest, AMethodThatDrainsIsAnsweredAndSoIsWhatFollows) {
  serve();
  service_.method("quit", on_loop, [&](const Params&) -> Value {
    reactor_.drain(std::chrono::seconds(10));
    return "bye";
  });
  peer_.send(request("quit", {}, "1") + "\n" + request("add", "[2,3]", "2") +
             "\n" + batch({request("add", "[2,3]", "3")}) + "\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.lines().size(), 3u);
  EXPECT_EQ(peer_.lines()[0], result("\"bye\"", "1"));
  EXPECT_EQ(error_code(peer_.lines()[1]), kShuttingDown);
  EXPECT_NE(peer_.lines()[2].find("-32004"), std::string::npos);
}

TEST_P(LineConnectionTest, SendsFirstWhatItsSessionAskedBeforehand) {
  StreamPair stream;
  peer_ = LinePeer(std::move(stream.theirs));
  auto session = std::make_unique<Session>(service_, "peer");
  session->notify("first", {});
  session->ask(
      "second", {}, [](const CallResult&) {}, std::chrono::hours(1));
  reactor_.add(std::make_unique<LineConnection>(std::move(stream.ours),
                                                Address(), std::move(session)),
               Interest::reading());
  ASSERT_TRUE(wait_for(2));
  EXPECT_EQ(peer_.lines()[0], notification("first"));
  EXPECT_EQ(peer_.lines()[1], request("second"));
}

/// Cut in two at every place, the bytes mean the same.
TEST_P(LineConnectionTest, TheStreamMayBeCutAnywhere) {
  const std::string bytes = request("add", "[2,3]", "\"a\"") + "\r\n{bad\n\n" +
                            batch({request("add", "[3,4]", "2")}) + "\n" +
                            request("add", "[4,5]", "3");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    serve();
    steps_.then([&, cut] { peer_.send(bytes.substr(0, cut)); })
        .until([&, turns = 0]() mutable { return ++turns == 3; })
        .then([&, cut] { peer_.send(bytes.substr(cut)); })
        .then([&] { peer_.end_input(); })
        .until(peer_.has_ended());
    ASSERT_TRUE(steps_.run());
    ASSERT_EQ(peer_.lines().size(), 4u) << "cut at " << cut;
    EXPECT_EQ(peer_.lines()[0], result("5", "\"a\""));
    EXPECT_EQ(error_code(peer_.lines()[1]), kParseError);
    EXPECT_EQ(peer_.lines()[2], batch({result("7", "2")}));
    EXPECT_EQ(peer_.lines()[3], result("9", "3"));
  }
}

}  // namespace
}  // namespace rp
