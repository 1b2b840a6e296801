#include "rpc/wire/json_writer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <string_view>

#include "rpc/wire/json_parser.h"
#include "tests/support/allocations.h"

namespace rp {
namespace {

using std::literals::operator""sv;

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string out = "before ";
  write_json(true, out);
  EXPECT_EQ(out, "before true");
}

TEST(JsonWriter, EscapesOnlyWhatMustBe) {
  for (int c = 0; c < 0x80; ++c) {
    const std::string text(1, static_cast<char>(c));
    const bool must = c < 0x20 || c == '"' || c == '\\';
    EXPECT_EQ(to_json(Value(text)) != '"' + text + '"', must) << c;
  }
}

TEST(JsonWriter, UsesTheShortEscapesAndLowerCase) {
  EXPECT_EQ(to_json("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(to_json("\0\x01\x0b\x1f"sv), R"("\u0000\u0001\u000b\u001f")");
}

TEST(JsonWriter, EscapesNames) {
  Arena arena;
  EXPECT_EQ(to_json(ObjectBuilder(arena).add("a\n", 1).build()),
            R"({"a\n":1})");
}

TEST(JsonWriter, WritesAReplacementForWhatIsNotUtf8) {
  EXPECT_EQ(to_json("a\xff\nb\xc3"), "\"a\xef\xbf\xbd\\nb\xef\xbf\xbd\"");
}

TEST(JsonWriter, KeepsMembersAsTheyStandUnlessToldToSort) {
  Arena arena;
  const Value inner = ObjectBuilder(arena).add("z", 1).add("y", 2).build();
  const Value value = ObjectBuilder(arena)
                          .add("b", ArrayBuilder(arena).push(inner).build())
                          .add("\xc3\xa9", 1)
                          .add("B", 2)
                          .build();
  EXPECT_EQ(to_json(value),
            "{\"b\":[{\"z\":1,\"y\":2}],\"\xc3\xa9\":1,\"B\":2}");
  std::string sorted;
  write_json(value, sorted, MemberOrder::kByName);
  EXPECT_EQ(sorted, "{\"B\":2,\"b\":[{\"y\":2,\"z\":1}],\"\xc3\xa9\":1}");
}

TEST(JsonWriter, AllocatesNothingWhenThereIsRoom) {
  Arena arena;
  const Value value =
      parse_json(R"({"a":[1,2.5,"x\n",{}],"b":null})", arena).value;
  std::string out;
  out.reserve(200);
  Allocations allocations;
  write_json(value, out);
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(JsonWriter, WritesAnyFiniteDoubleSoThatItReadsBack) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20000; ++i) {
    const double number = std::bit_cast<double>(random());
    if (!std::isfinite(number)) continue;
    Arena arena;
    const Parsed parsed = parse_json(to_json(number), arena);
    ASSERT_TRUE(parsed) << to_json(number);
    ASSERT_EQ(parsed.value.as_double(), number);
    ASSERT_EQ(std::signbit(parsed.value.as_double()), std::signbit(number));
  }
}

// Makes up values of every kind; a level deeper, fewer containers.
class RandomValues {
 public:
  RandomValues(std::uint64_t seed, Arena& arena)
      : random_(seed), arena_(arena) {}

  Value value(int levels) {
    switch (below(levels > 0 ? 9 : 6)) {
      case 0:
        return nullptr;
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<std::int64_t>(random_());
      case 3:
        return random_();
      case 4:
        return static_cast<double>(random_()) / 1024.0;
      case 5:
        return string();
      case 6:
      case 7:
        return array(levels);
      default:
        return object(levels);
    }
  }

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }

  Value string() {
    constexpr std::string_view kParts[] = {"a",
                                           "\"",
                                           "\\",
                                           "\n",
                                           "\0"sv,
                                           "/",
                                           "\xc3\xa9",
                                           "\x7f",
                                           "\xe2\x82\xac",
                                           " ",
                                           "\xf0\x9f\x98\x80"};
    std::string text;
    for (auto n = below(12); n > 0; --n)
      text += kParts[below(std::size(kParts))];
    return rp::text(arena_, text);
  }

  Value array(int levels) {
    ArrayBuilder builder(arena_);
    for (auto n = below(40); n > 0; --n) builder.push(value(levels - 1));
    return builder.build();
  }

  Value object(int levels) {
    ObjectBuilder builder(arena_);
    for (auto n = below(40); n > 0; --n) {
      builder.add(string().as_string(), value(levels - 1));
    }
    return builder.build();
  }

  std::mt19937_64 random_;
  Arena& arena_;
};

TEST(JsonWriter, WritesAnyValueSoThatItReadsBack) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (std::uint64_t i = 0; i < 200; ++i) {
    Arena arena;
    const Value value = RandomValues(seed + i, arena).value(3);
    const std::string text = to_json(value);
    const Parsed parsed = parse_json(text, arena);
    ASSERT_TRUE(parsed) << text;
    ASSERT_EQ(parsed.value, value) << text;
    ASSERT_EQ(to_json(parsed.value), text);
    ASSERT_EQ(to_json(copy(value, arena)), text);
  }
}

TEST(JsonWriter, SortsAnyValueWithoutChangingIt) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (std::uint64_t i = 0; i < 200; ++i) {
    Arena arena;
    const Value value = RandomValues(seed + i, arena).value(3);
    std::string sorted;
    write_json(value, sorted, MemberOrder::kByName);
    const Value read = parse_json(sorted, arena).value;
    ASSERT_EQ(read, value);
    std::string again;
    write_json(read, again, MemberOrder::kByName);
    ASSERT_EQ(again, sorted);
  }
}

}  // namespace
}  // namespace rp
