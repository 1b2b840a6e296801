#include <chrono>
#include <string>
#include <vector>

#include "tests/support/rpc_texts.h"
#include "tests/support/stdio_program.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

/// A program that an editor has started: messages stand behind their length.
class StdioOfAnEditor : public StdioProgram,
                        public ::testing::TestWithParam<std::string> {
 protected:
  StdioOfAnEditor() : StdioProgram(GetParam()) {}

  void serve(LineLimits limits = {}) {
    StdioProgram::serve(
        stdio_pipes(),
        {.limits = limits, .framing = Stdio::Framing::content_length});
  }
};
RP_ON_BOTH_POLLERS(StdioOfAnEditor);

TEST_P(StdioOfAnEditor, AnswersAMessageByAMessage) {
  serve();
  peer_.send("content-length: 1\r\nContent-Type: a/b; charset=utf8\r\n\r\n{");
  peer_.send_message(request("echo", "[\n2]"));
  ASSERT_TRUE(run_until(reactor_, peer_.has(2)));
  EXPECT_EQ(error_code(peer_.messages()[0]), kParseError);
  EXPECT_EQ(peer_.messages()[1], result("[2]"));
}

TEST_P(StdioOfAnEditor, ABadHeaderEndsItWhenAllThatIsOwedIsAnswered) {
  serve();
  peer_.send_message(request("later"));
  peer_.send("Content-Length: two\r\n\r\n{}");
  peer_.send_message(request("echo", "[1]", "2"));
  steps_.until(peer_.has(1))
      .then([&] { kept_.at(0).result("owed"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  ASSERT_EQ(peer_.messages().size(), 2u);
  EXPECT_EQ(error_code(peer_.messages()[0]), kInvalidRequest);
  EXPECT_EQ(error_message(peer_.messages()[0]),
            "Content-Length is not a number");
  EXPECT_EQ(peer_.messages()[1], result("\"owed\""));
  EXPECT_EQ(ends_, std::vector{CloseReason::protocol});
}

TEST_P(StdioOfAnEditor, AMessageAtTheLimitIsServedAndOneBeyondEndsIt) {
  const std::string message = request("echo", "[1]");
  serve({.line = message.size()});
  peer_.send_message(message);
  peer_.send_message(message + " ");
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.messages().size(), 2u);
  EXPECT_EQ(peer_.messages()[0], result("[1]"));
  EXPECT_EQ(
      error_message(peer_.messages()[1]),
      "a message is longer than " + std::to_string(message.size()) + " bytes");
}

TEST_P(StdioOfAnEditor, InputThatEndsWithinAMessageIsToldSo) {
  serve();
  peer_.send("Content-Length: 100\r\n\r\n" + request("echo", "[1]"));
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  ASSERT_EQ(peer_.messages().size(), 1u);
  EXPECT_EQ(error_message(peer_.messages()[0]),
            "the input ends within a message");
  EXPECT_EQ(ends_, std::vector{CloseReason::protocol});
}

TEST_P(StdioOfAnEditor, EndsWhenItsInputHasEndedBetweenMessages) {
  serve();
  peer_.send_message(request("echo", "[1]"));
  peer_.end_input();
  ASSERT_TRUE(run_until(reactor_, peer_.has_ended()));
  EXPECT_EQ(peer_.messages(), Strings{result("[1]")});
  EXPECT_EQ(ends_, std::vector{CloseReason::peer});
}

// Of header and body together; between messages the editor may think.
TEST_P(StdioOfAnEditor, AMessageThatDribblesEndsItAfter15Seconds) {
  serve();
  steps_.pass(24h)
      .then([&] { peer_.send("Content-Length: 2\r\n"); })
      .pass(14s)
      .then([&] { peer_.send("\r\n{"); })
      .pass(999ms)
      .then([&] { EXPECT_TRUE(ends_.empty()); })
      .pass(1ms)
      .until(told_of_its_end());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(ends_, std::vector{CloseReason::too_slow});
}

}  // namespace
}  // namespace rp
