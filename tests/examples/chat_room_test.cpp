#include "examples/chat_room.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rp {
namespace {

class Listener : public ChatMember {
 public:
  void tell(std::string_view line) override { heard.emplace_back(line); }
  std::size_t behind() const override { return 0; }
  void cut_off(std::string_view) override {}

  std::vector<std::string> heard;
};

// What comes of `words` at another member.
std::string passed_on(std::string_view words) {
  ChatRoom room(1000);
  Listener ann, bob;
  room.hear(bob, "Bob");
  room.hear(ann, "Ann");
  room.hear(ann, words);
  return bob.heard.back();
}

std::string named(std::string_view name) {
  ChatRoom room(1000);
  Listener member;
  room.hear(member, name);
  return member.heard.back();
}

TEST(ChatRoom, DropsControlCharacters) {
  EXPECT_EQ(passed_on("a\033[2J\x7f"
                      "b"),
            "Ann: a[2Jb");
}

TEST(ChatRoom, DropsControlCharactersOfTwoBytes) {
  EXPECT_EQ(passed_on("a\u0080\u009b2J\u009fb\u00a0c"), "Ann: a2Jb\u00a0c");
}

TEST(ChatRoom, DropsWhatTurnsTheDirectionOfWriting) {
  EXPECT_EQ(passed_on("\u2029\u202aa\u202eb\u202f"), "Ann: \u2029ab\u202f");
  EXPECT_EQ(passed_on("\u2065\u2066a\u2069b\u206a"), "Ann: \u2065ab\u206a");
}

TEST(ChatRoom, PassesOnEveryOtherLetter) {
  EXPECT_EQ(passed_on("é € 👩\u200d🚀"), "Ann: é € 👩\u200d🚀");
}

TEST(ChatRoom, MakesOneLineOfMany) {
  EXPECT_EQ(passed_on("two\nlines"), "Ann: two lines");
  EXPECT_EQ(passed_on("two\r\nlines"), "Ann: two lines");
}

TEST(ChatRoom, LeavesNothingInANameThatCannotBeSeen) {
  EXPECT_EQ(named("\u200bA\u200fn\u2060n\ufeff"), "* Ann is here, one of 1");
  EXPECT_EQ(named(" Ann\n"), "* Ann is here, one of 1");
  EXPECT_EQ(named("\u200b \u202e"), "* a name has 1 to 20 bytes; another?");
}

}  // namespace
}  // namespace rp
