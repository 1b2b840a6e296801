#include "examples/chat_room.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

namespace rp {
namespace {

using Texts = std::vector<std::string>;

class Listener : public ChatMember {
 public:
  void tell(std::string_view line) override { heard.emplace_back(line); }
  std::size_t behind() const override { return bytes_behind; }
  void cut_off(std::string_view why) override { ends.emplace_back(why); }

  std::size_t bytes_behind = 0;
  std::vector<std::string> heard, ends;
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

struct Crowd {
  explicit Crowd(std::size_t count) : members(count) {
    for (std::size_t i = 0; i < count; ++i) {
      room.hear(members[i], "n" + std::to_string(i));
    }
    for (Listener& member : members) member.heard.clear();
  }

  ChatRoom room{1000};
  std::deque<Listener> members;
};

TEST(ChatRoom, OthersLearnWhoReadsTooSlowly) {
  Crowd crowd(2);
  crowd.members[0].bytes_behind = 1000;
  crowd.members[1].bytes_behind = 1001;
  crowd.room.hear(crowd.members[0], "hi");
  const Texts told = {"n0: hi", "* n1 was cut off: reads too slowly"};
  EXPECT_EQ(crowd.members[0].heard, told);
  EXPECT_EQ(crowd.members[1].ends, Texts{"you read too slowly"});
}

TEST(ChatRoom, WhoIsCutOffDoesNotLearnOfTheOthers) {
  Crowd crowd(100);
  for (Listener& member : crowd.members) member.bytes_behind = 1001;
  crowd.room.hear(crowd.members[0], "hi");
  for (Listener& member : crowd.members) {
    EXPECT_EQ(member.heard, Texts{"n0: hi"});
    EXPECT_EQ(member.ends.size(), 1u);
  }
}

/// She has heard of her own coming, and that Ann has left.
TEST(ChatRoom, WhatIsSaidOfTheSlowMayBeTooMuchForOthers) {
  struct Filling : Listener {
    std::size_t behind() const override { return heard.size() * 400; }
  };
  ChatRoom room(1000);
  Listener slow, ann;
  Filling eve;
  room.hear(ann, "Ann");
  room.hear(slow, "Slow");
  room.hear(eve, "Eve");
  slow.bytes_behind = 1001;
  room.leave(ann);
  EXPECT_EQ(eve.heard.back(), "* Slow was cut off: reads too slowly");
  EXPECT_EQ(eve.ends, Texts{"you read too slowly"});
}

}  // namespace
}  // namespace rp
