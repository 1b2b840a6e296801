#include "examples/terminal_text.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(TerminalText, ShowsWordsAsTheyAre) {
  EXPECT_EQ(escaped_for_terminal("Method not found: \\ é € 😀"),
            "Method not found: \\ é € 😀");
}

TEST(TerminalText, EscapesWhatSteersATerminal) {
  EXPECT_EQ(escaped_for_terminal("\033[31mred\n"), "\\x1b[31mred\\x0a");
  EXPECT_EQ(escaped_for_terminal("\u009b31m\u202e"),
            "\\xc2\\x9b31m\\xe2\\x80\\xae");
}

TEST(TerminalText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(escaped_for_terminal("a\x9b"
                                 "b\xe2\x80"),
            "a\ufffdb\ufffd");
}

TEST(TerminalText, TakesCharactersOfEachLength) {
  std::string_view text = "aé€😀";
  EXPECT_EQ(take_character(text).code, U'a');
  EXPECT_EQ(take_character(text).code, U'é');
  EXPECT_EQ(take_character(text).code, U'€');
  EXPECT_EQ(take_character(text).code, U'😀');
  EXPECT_TRUE(text.empty());
}

}  // namespace
}  // namespace rp
