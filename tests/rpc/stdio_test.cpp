#include "rpc/stdio.h"

#include <chrono>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "tests/support/rpc_texts.h"
#include "tests/support/stdio_program.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

using Kind = std::tuple<std::string, std::string>;

class StdioTest : public StdioProgram, public ::testing::TestWithParam<Kind> {
 protected:
  StdioTest() : StdioProgram(std::get<1>(GetParam())) {}

  void serve(Stdio::Options options = {}) {
    const bool pipes = std::get<0>(GetParam()) == "Pipes";
    StdioProgram::serve(pipes ? stdio_pipes() : stdio_socket(), options);
  }
};

INSTANTIATE_TEST_SUITE_P(
    Over, StdioTest,
    ::testing::Combine(::testing::Values("Pipes", "Socket"),
                       ::testing::Values("Epoll", "Select")),
    [](const auto& kind) {
      return std::get<0>(kind.param) + std::get<1>(kind.param);
    });

TEST_P(StdioTest, AnswersALineByALine) {
  serve();
  peer_.send("{bad\n" + request("echo", "[2]") + "\r\n\n" +
             request("echo", "[3]", "2") + "\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has(3)));
  EXPECT_EQ(error_code(peer_.messages()[0]), kParseError);
  EXPECT_EQ(peer_.messages()[1], result("[2]"));
  EXPECT_EQ(peer_.messages()[2], result("[3]", "2"));
}

TEST_P(StdioTest, EndsWhenItsInputHasEndedAndAllIsAnswered) {
  serve();
  peer_.send_message(request("later"));
  peer_.send(request("echo", "[1]", "2"));  // a last line needs no end
  peer_.end_input();
  steps_.until(peer_.has(1))
      .until(kept(1))
      .until(turns(9))
      .then([&] { EXPECT_TRUE(ends_.empty()); })
      .then([&] { kept_[0].result("done"); })
      .until(peer_.has_ended())
      .until(told_of_its_end());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.messages(),
            (Strings{result("[1]", "2"), result("\"done\"")}));
  EXPECT_EQ(ends_, std::vector{CloseReason::peer});
  EXPECT_EQ(reactor_.handlers(), 0u);
}

TEST_P(StdioTest, ALineAtTheLimitIsServedAndOneBeyondEndsIt) {
  const std::string line = request("echo", "[1]");
  serve({.limits = {.line = line.size()}});
  peer_.send(line + "\n" + line + " \n" + line + "\n");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.messages().size(), 2u);
  EXPECT_EQ(peer_.messages()[0], result("[1]"));
  EXPECT_EQ(error_code(peer_.messages()[1]), kInvalidRequest);
  EXPECT_EQ(ends_, std::vector{CloseReason::protocol});
}

TEST_P(StdioTest, ALineThatDribblesEndsItAfter15Seconds) {
  serve();
  peer_.send("{");
  steps_.until(turns(3))
      .pass(14s)
      .then([&] { peer_.send("\"a"); })
      .pass(999ms)
      .then([&] { EXPECT_TRUE(ends_.empty()); })
      .pass(1ms)
      .until(told_of_its_end());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(ends_, std::vector{CloseReason::too_slow});
}

TEST_P(StdioTest, IsNeverIdle) {
  serve();
  steps_.pass(24h)
      .then([&] { peer_.send_message(request("echo", "[1]")); })
      .until(peer_.has(1));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.messages(), Strings{result("[1]")});
}

TEST_P(StdioTest, WhoDoesNotReadItsAnswersIsNotReadEither) {
  serve({.limits = {.connection = {.pause_at = 100'000}}});
  // Short enough for a pipe to take it whole or not at all.
  const std::string big = "[\"" + std::string(3'500, 'x') + "\"]";
  std::size_t asked = 0;
  const auto stuffed = [&, refused = 0]() mutable {
    try {
      peer_.send_message(request("echo", big, std::to_string(asked + 1)));
      ++asked;
      refused = 0;
    } catch (const std::system_error&) {
      ++refused;
    }
    return refused == 1000 || asked == 5000;
  };
  steps_.until(stuffed).until([&] { return peer_.messages().size() == asked; });
  ASSERT_TRUE(steps_.run());
  EXPECT_LT(asked, 5000u) << "nobody pushed back";
  for (std::size_t i = 0; i < asked; ++i) {
    EXPECT_TRUE(peer_.messages()[i] == result(big, std::to_string(i + 1)));
  }
}

TEST_P(StdioTest, WhoIsSentTooMuchIsGivenUp) {
  serve({.limits = {.connection = {.pause_at = 1'000, .close_at = 100'000}}});
  peer_.send_message(
      request("echo", "[\"" + std::string(100'000, 'x') + "\"]"));
  ASSERT_TRUE(run_until(reactor_, told_of_its_end()));
  EXPECT_EQ(ends_, std::vector{CloseReason::overflow});
}

TEST_P(StdioTest, EndsWhenItsReaderHasGone) {
  serve();
  peer_.send_message(request("later"));
  steps_.until(kept(1))
      .then([&] { peer_.stop_reading(); })
      .then([&] { peer_ = StdioPeer(); })
      .until(turns(9))
      .then([&] { kept_[0].result("lost"); })
      .until(told_of_its_end());
  ASSERT_TRUE(steps_.run());
  EXPECT_NE(ends_[0], CloseReason::shutdown);
  EXPECT_EQ(ends_.size(), 1u);
}

TEST_P(StdioTest, DrainsWhenWhatIsInFlightIsAnswered) {
  serve();
  peer_.send_message(request("later"));
  steps_.until(kept(1))
      .then([&] { reactor_.drain(10s); })
      .then([&] { peer_.send_message(request("echo", "[1]", "2")); })
      .until(peer_.has(1))
      .then([&] { kept_[0].result("done"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(error_code(peer_.messages()[0]), kShuttingDown);
  EXPECT_EQ(peer_.messages()[1], result("\"done\""));
  EXPECT_EQ(ends_, std::vector{CloseReason::drained});
}

TEST_P(StdioTest, AtTheDrainsDeadlineWhatIsOwedIsRefused) {
  serve();
  const TimePoint begin = clock_.now();
  for (const char* id : {"1", "2"})
    peer_.send_message(request("later", {}, id));
  steps_.until(kept(2))
      .then([&] { reactor_.drain(10s); })
      .until(told_of_its_end());
  reactor_.run_after(1s, [&] { reactor_.drain(10s); });
  reactor_.run();
  EXPECT_EQ(clock_.now(), begin + 11s);
  ASSERT_EQ(peer_.messages().size(), 2u);
  EXPECT_EQ(error_code(peer_.messages()[0]), kShuttingDown);
  EXPECT_EQ(error_code(peer_.messages()[1]), kShuttingDown);
  EXPECT_EQ(ends_, std::vector{CloseReason::shutdown});
}

TEST_P(StdioTest, AsksTheOtherSideUnlessThatIsForbidden) {
  serve();
  peer_.send_message(request("ask", {}, "7"));
  steps_.until(peer_.has(1))
      .then([&] { peer_.send_message(result("\"Ann\"", "1")); })
      .until(peer_.has(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(peer_.messages(),
            (Strings{request("name", {}, "1"), result("\"Ann\"", "7")}));
}

TEST_P(StdioTest, WhatMayNotAskIsToldSo) {
  serve({.can_be_asked = false});
  peer_.send_message(request("ask"));
  ASSERT_TRUE(run_until(reactor_, peer_.has(1)));
  EXPECT_EQ(error_code(peer_.messages()[0]), kInternalError);
  EXPECT_EQ(error_message(peer_.messages()[0]), "this caller cannot be asked");
}

}  // namespace
}  // namespace rp
