#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/allocations.h"

namespace rp {
namespace {

std::string nested(std::size_t arrays) {
  return std::string(arrays, '[') + std::string(arrays, ']');
}

TEST(JsonParser, Accepts128LevelsAndRefuses129) {
  Arena arena;
  EXPECT_TRUE(parse_json(nested(128), arena));
  const Parsed parsed = parse_json(nested(129), arena);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error->message, "nested deeper than 128 levels");
  EXPECT_EQ(parsed.error->column, 129u);
}

TEST(JsonParser, CountsObjectsAsLevelsToo) {
  Arena arena;
  std::string text;
  for (int i = 0; i < 64; ++i) text += "[{\"a\":";
  EXPECT_EQ(parse_json(text + "[", arena).error->message,
            "nested deeper than 128 levels");
}

TEST(JsonParser, CountsOnlyLevelsThatAreOpen) {
  Arena arena;
  const JsonLimits limits{.depth = 2};
  EXPECT_TRUE(parse_json("[[],{},[],{\"a\":1}]", arena, limits));
  EXPECT_FALSE(parse_json("[[],[[]]]", arena, limits));
}

TEST(JsonParser, RefusesAMillionBracketsAtTheLimit) {
  Arena arena;
  EXPECT_EQ(parse_json(std::string(1000000, '['), arena).error->offset, 128u);
}

TEST(JsonParser, RefusesATextOf4GiBUnread) {
  Arena arena;
  const std::string_view endless("1", std::size_t{1} << 32);
  EXPECT_EQ(parse_json(endless, arena).error->message,
            "the text is 4 GiB long or longer");
}

TEST(JsonParser, CopiesStringsSoThatTheTextMayGo) {
  Arena arena;
  std::string text = R"({"name":"a value that is long enough"})";
  const Parsed parsed = parse_json(text, arena);
  text.assign(text.size(), 'x');
  EXPECT_EQ(to_json(parsed.value), R"({"name":"a value that is long enough"})");
}

TEST(JsonParser, AllocatesNothingWithAWarmArena) {
  const std::string_view text =
      R"({"jsonrpc":"2.0","method":"\u0061dd","params":[2,-3.5e2,"é",)"
      R"({"a":true,"b":[null]}],"id":"a string too long for a small one"})";
  Arena arena;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(parse_json(text, arena));
    arena.reset();
  }
  Allocations allocations;
  const Parsed parsed = parse_json(text, arena);
  EXPECT_EQ(allocations.made(), 0u);
  EXPECT_TRUE(parsed);
}

// Each of these asks for the most memory a byte in its own way.
TEST(JsonParser, NeedsABoundedAmountOfMemoryAByteOfText) {
  for (const std::string unit :
       {"0,", "[],", "[0],", "{\"\":0},", "\"\",", "[[[0]]],", "\"\\n\","}) {
    std::string text = "[";
    while (text.size() < 256 * 1024) text += unit;
    text.back() = ']';
    Arena arena;
    ASSERT_TRUE(parse_json(text, arena)) << unit;
    EXPECT_LE(arena.bytes(), 32 * text.size()) << unit;
  }
}

// With a search of all earlier members for each this would take minutes.
TEST(JsonParser, Reads2MiBOfMembersWithEachNameTwice) {
  std::string text = "{";
  int members = 0;
  for (; text.size() < 2 * 1024 * 1024; ++members) {
    text += '"' + std::to_string(members / 2) +
            "\":" + std::to_string(members % 2) + ',';
  }
  text.back() = '}';
  Arena arena;
  const Parsed parsed = parse_json(text, arena);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed.value.size(), std::size_t(members + 1) / 2);
  EXPECT_EQ(parsed.value.members()[0].value.as_int64(), 1);
}

}  // namespace
}  // namespace rp
