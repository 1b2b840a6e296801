#include "rpc/wire/utf8.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace rp {
namespace {

using std::literals::operator""sv;

// Each at a limit, the longest and the shortest of every length among them.
const std::vector<std::string_view> kGood = {
    "",
    "plain"sv,
    "\0"sv,
    "\x7f"sv,
    "\xc2\x80"sv,
    "\xdf\xbf"sv,
    "\xe0\xa0\x80"sv,
    "\xed\x9f\xbf"sv,
    "\xee\x80\x80"sv,
    "\xef\xbf\xbf"sv,
    "\xf0\x90\x80\x80"sv,
    "\xf4\x8f\xbf\xbf"sv,
    "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z"sv,
};

struct Bad {
  std::string_view bytes;
  std::size_t wrong_at;
};

const std::vector<Bad> kBad = {
    {"\x80"sv, 0},              // a continuation of nothing
    {"\xbf"sv, 0},              //
    {"\xc0\x80"sv, 0},          // overlong U+0000
    {"\xc1\xbf"sv, 0},          // overlong U+007F
    {"\xe0\x9f\xbf"sv, 1},      // overlong U+07FF
    {"\xf0\x8f\xbf\xbf"sv, 1},  // overlong U+FFFF
    {"\xed\xa0\x80"sv, 1},      // the first surrogate
    {"\xed\xbf\xbf"sv, 1},      // the last one
    {"\xf4\x90\x80\x80"sv, 1},  // U+110000
    {"\xf5\x80\x80\x80"sv, 0},  // never used
    {"\xff"sv, 0},              //
    {"\xc3("sv, 1},             // a character broken off
    {"\xe2\x82("sv, 2},         //
    {"\xf0\x9f\x98("sv, 3},     //
    {"ab\xc3\xa9\xff"sv, 4},    //
};

TEST(Utf8Decoder, AcceptsTheFirstAndLastCharacterOfEachLength) {
  for (const auto text : kGood) {
    Utf8Decoder decoder;
    EXPECT_TRUE(decoder.feed(text) && decoder.complete()) << text;
    EXPECT_EQ(decoder.accepted(), text.size());
  }
}

TEST(Utf8Decoder, AcceptsTheSameCutAtEveryPlace) {
  for (const auto text : kGood) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      Utf8Decoder decoder;
      EXPECT_TRUE(decoder.feed(text.substr(0, cut)));
      EXPECT_TRUE(decoder.feed(text.substr(cut)) && decoder.complete()) << text;
    }
  }
}

TEST(Utf8Decoder, RefusesAtTheFirstByteThatCannotBelong) {
  for (const auto& [bytes, wrong_at] : kBad) {
    Utf8Decoder decoder;
    EXPECT_FALSE(decoder.feed(bytes)) << testing::PrintToString(bytes);
    EXPECT_EQ(decoder.accepted(), wrong_at) << testing::PrintToString(bytes);
  }
}

TEST(Utf8Decoder, RefusesTheSameByteByByte) {
  for (const auto& [bytes, wrong_at] : kBad) {
    Utf8Decoder decoder;
    std::size_t at = 0;
    while (at < bytes.size() && decoder.feed(bytes.substr(at, 1))) ++at;
    EXPECT_EQ(at, wrong_at) << testing::PrintToString(bytes);
  }
}

TEST(Utf8Decoder, IsIncompleteWithinACharacter) {
  const auto character = "\xf0\x9f\x98\x80"sv;
  for (std::size_t length = 1; length < character.size(); ++length) {
    Utf8Decoder decoder;
    EXPECT_TRUE(decoder.feed(character.substr(0, length)));
    EXPECT_FALSE(decoder.complete());
    EXPECT_EQ(decoder.pending(), length);
  }
}

TEST(Utf8Decoder, StaysFailedUntilItIsReset) {
  Utf8Decoder decoder;
  EXPECT_FALSE(decoder.feed("\xff"));
  EXPECT_FALSE(decoder.feed("a"));
  EXPECT_FALSE(decoder.complete());
  decoder.reset();
  EXPECT_TRUE(decoder.feed("a") && decoder.complete());
}

struct Repair {
  std::string_view bytes;
  std::string_view repaired;
};

TEST(AppendAsUtf8, PutsOneReplacementForEachPartThatIsBroken) {
  const std::vector<Repair> repairs = {
      {"", ""},
      {"caf\xc3\xa9", "caf\xc3\xa9"},
      {"\xff", "\xef\xbf\xbd"},
      {"a\xff\xff"
       "b",
       "a\xef\xbf\xbd\xef\xbf\xbd"
       "b"},
      {"a\xe2\x82", "a\xef\xbf\xbd"},
      {"\xf0\x9f\x98(", "\xef\xbf\xbd("},
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xe2\x82\xc3\xa9", "\xef\xbf\xbd\xc3\xa9"},
  };
  for (const auto& [bytes, repaired] : repairs) {
    std::string out = "<";
    append_as_utf8(bytes, out);
    EXPECT_EQ(out, "<" + std::string(repaired));
  }
}

}  // namespace
}  // namespace rp
