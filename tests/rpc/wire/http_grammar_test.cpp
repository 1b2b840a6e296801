#include "rpc/wire/http_grammar.h"

#include <gtest/gtest.h>

#include <iomanip>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace rp {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(HttpGrammar, KnowsTokens) {
  for (const char* token : {"GET", "x", "0", "!#$%&'*+-.^_`|~aZ9"}) {
    EXPECT_TRUE(is_token(token)) << std::quoted(token);
  }
  for (const char* text : {"", " ", "a b", "a:", "(a)", "a,b", "\"a\"", "a/b",
                           "a=b", "a\t", "\x7f", "\xc3\xa9", "[a]", "{a}"}) {
    EXPECT_FALSE(is_token(text)) << std::quoted(text);
  }
}

TEST(HttpGrammar, KnowsEveryByteOfAFieldsValue) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool wanted = byte == '\t' || (byte >= 0x20 && byte != 0x7f);
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(is_field_value(text), wanted) << byte;
  }
}

TEST(HttpGrammar, CutsLists) {
  using Members = std::vector<std::string_view>;
  EXPECT_EQ(list_members(""), (Members{""}));
  EXPECT_EQ(list_members(" a\t"), (Members{"a"}));
  EXPECT_EQ(list_members("a , b,,c "), (Members{"a", "b", "", "c"}));
  EXPECT_EQ(list_members(","), (Members{"", ""}));
}

TEST(HttpGrammar, ReadsDecimalsUpToSixtyFourBits) {
  EXPECT_EQ(parse_decimal("0"), 0u);
  EXPECT_EQ(parse_decimal("0042"), 42u);
  EXPECT_EQ(parse_decimal("18446744073709551614"), kMost - 1);
  EXPECT_EQ(parse_decimal("18446744073709551615"), kMost);
  EXPECT_EQ(parse_decimal("18446744073709551616"), kMost);
  EXPECT_EQ(parse_decimal("184467440737095516150"), kMost);
  for (const char* text : {"", "+1", "-1", " 1", "1 ", "0x1", "1.", "\xb9"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << std::quoted(text);
  }
}

// Nothing if it is refused.
std::optional<std::uint64_t> chunk_size(std::string_view line) {
  try {
    return parse_chunk_size(line);
  } catch (const HttpRefusal&) {
    return std::nullopt;
  }
}

TEST(HttpGrammar, ReadsTheSizesOfChunks) {
  EXPECT_EQ(chunk_size("0"), 0u);
  EXPECT_EQ(chunk_size("aF"), 0xafu);
  EXPECT_EQ(chunk_size("00000000000000000001f"), 0x1fu);
  EXPECT_EQ(chunk_size("ffffffffffffffff"), kMost);
  EXPECT_EQ(chunk_size("1;a=b;c"), 1u);
  EXPECT_EQ(chunk_size("1 \t;a"), 1u);
  for (const char* line : {"", ";a", "10000000000000000", "1 ", " 1", "-1",
                           "+1", "1g", "0x1", "1 a", "1,1"}) {
    EXPECT_EQ(chunk_size(line), std::nullopt) << std::quoted(line);
  }
}

TEST(HttpGrammar, ReadsStatusLines) {
  int status = 0;
  EXPECT_EQ(parse_status_line("HTTP/1.1 200 Very OK", status), 1);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(parse_status_line("HTTP/1.0 599", status), 0);
  EXPECT_EQ(status, 599);
  EXPECT_EQ(parse_status_line("HTTP/1.1 100 ", status), 1);
  EXPECT_EQ(status, 100);
}

TEST(HttpGrammar, ReadsAField) {
  std::string name;
  std::string value;
  parse_field("X-A:  b:c \t", name, value);
  EXPECT_EQ(name, "X-A");
  EXPECT_EQ(value, "b:c");
}

TEST(HttpGrammar, TellsWhyItRefuses) {
  HttpRequest request;
  try {
    parse_request_line("GET / HTTP/3.0", request);
    FAIL();
  } catch (const HttpRefusal& refusal) {
    EXPECT_EQ(refusal.status(), 505);
    EXPECT_STREQ(refusal.what(), "not HTTP/1");
  }
}

}  // namespace
}  // namespace rp
