#include "rpc/wire/json_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

using std::literals::operator""sv;

struct Good {
  std::string_view text;
  std::string_view written;  // as the writer gives it back
};

const std::vector<Good> kGood = {
    // words and white space
    {"null", "null"},
    {"true", "true"},
    {"false", "false"},
    {" \t\r\n null \t\r\n ", "null"},
    {"[ true , false ]", "[true,false]"},
    // arrays
    {"[]", "[]"},
    {"[ ]", "[]"},
    {"[[]]", "[[]]"},
    {"[1,\n2\t,3]", "[1,2,3]"},
    {"[null,1,\"1\",{}]", "[null,1,\"1\",{}]"},
    {"[[[1],2],[3,[4]]]", "[[[1],2],[3,[4]]]"},
    // objects
    {"{}", "{}"},
    {"{\n}", "{}"},
    {R"({"a":1})", R"({"a":1})"},
    {R"({ "a" : 1 , "b" : [ ] })", R"({"a":1,"b":[]})"},
    {R"({"":0})", R"({"":0})"},
    {R"({"b":1,"a":2})", R"({"b":1,"a":2})"},
    {R"({"a":{"b":{"c":null}}})", R"({"a":{"b":{"c":null}}})"},
    {R"({"a\u0000b":1})", R"({"a\u0000b":1})"},
    // of equal names the last wins, at the place of the first
    {R"({"a":1,"a":2})", R"({"a":2})"},
    {R"({"a":1,"b":2,"a":3})", R"({"a":3,"b":2})"},
    {R"({"a":1,"\u0061":2})", R"({"a":2})"},
    {R"({"a":1,"A":2})", R"({"a":1,"A":2})"},
    // strings
    {R"("")", R"("")"},
    {R"("a")", R"("a")"},
    {R"("\"\\\/\b\f\n\r\t")", R"("\"\\/\b\f\n\r\t")"},
    {R"("\u0061\u0041")", R"("aA")"},
    {R"("\u0000")", R"("\u0000")"},
    {R"("\u001f")", R"("\u001f")"},
    {R"("\u0022\u005C")", R"("\"\\")"},
    {R"("\u000a")", R"("\n")"},
    {R"("\u00e9\u00E9")", "\"\xc3\xa9\xc3\xa9\""},
    {R"("\u0080")", "\"\xc2\x80\""},
    {R"("\u07ff\u0800")", "\"\xdf\xbf\xe0\xa0\x80\""},
    {R"("\uD7FF\uE000")", "\"\xed\x9f\xbf\xee\x80\x80\""},
    {R"("\uffff")", "\"\xef\xbf\xbf\""},
    {R"("\ud800\udc00")", "\"\xf0\x90\x80\x80\""},
    {R"("\uD83D\uDE00")", "\"\xf0\x9f\x98\x80\""},
    {R"("\udbff\udfff")", "\"\xf4\x8f\xbf\xbf\""},
    {R"("\u2028")", "\"\xe2\x80\xa8\""},
    {"\"\xc3\xa9\"", "\"\xc3\xa9\""},
    {"\"\xf4\x8f\xbf\xbf\"", "\"\xf4\x8f\xbf\xbf\""},
    {"\"\xef\xbb\xbf\"", "\"\xef\xbb\xbf\""},  // a BOM within is a character
    {"\"\x7f\"", "\"\x7f\""},
    {"\" / \"", "\" / \""},
    {R"("a\nb")", R"("a\nb")"},
    {"\"\xc3\xa9\\n\xc3\xa9\"", "\"\xc3\xa9\\n\xc3\xa9\""},
    {R"("[,]:{}")", R"("[,]:{}")"},
};

TEST(JsonParser, ReadsWhatIsJson) {
  for (const auto& [text, written] : kGood) {
    Arena arena;
    const Parsed parsed = parse_json(text, arena);
    ASSERT_TRUE(parsed) << text << ": " << parsed.error->message;
    EXPECT_EQ(to_json(parsed.value), written) << text;
  }
}

TEST(JsonParser, ReadsTheSameWithinAnArrayAndAMember) {
  for (const auto& [text, written] : kGood) {
    Arena arena;
    const std::string outer = "[1,{\"x\":" + std::string(text) + "}]";
    const Parsed parsed = parse_json(outer, arena);
    ASSERT_TRUE(parsed) << outer << ": " << parsed.error->message;
    EXPECT_EQ(to_json(parsed.value),
              "[1,{\"x\":" + std::string(written) + "}]");
  }
}

// A text that is JSON is none without its last byte, unless it ends in space.
TEST(JsonParser, RefusesWhatIsCutOffAtAnyPlace) {
  for (const Good& good : kGood) {
    const std::string outer = "[" + std::string(good.text) + "]";
    for (std::size_t cut = 0; cut < outer.size(); ++cut) {
      Arena arena;
      const Parsed parsed = parse_json(outer.substr(0, cut), arena);
      ASSERT_FALSE(parsed) << outer.substr(0, cut);
      EXPECT_LE(parsed.error->offset, cut);
    }
  }
}

struct Bad {
  std::string_view text;
  std::size_t line, column;
  std::string_view message;
};

const std::vector<Bad> kBad = {
    // no value
    {"", 1, 1, "expected a value, found the end of the text"},
    {" \n ", 2, 2, "expected a value, found the end of the text"},
    {"\0"sv, 1, 1, "expected a value, found byte 0x00"},
    {"&", 1, 1, "expected a value, found '&'"},
    {"'a'", 1, 1, "expected a value, found '''"},
    {"]", 1, 1, "expected a value, found ']'"},
    {"\xc3\xa9", 1, 1, "expected a value, found byte 0xc3"},
    {"\xff", 1, 1, "expected a value, found byte 0xff"},
    {"\xc2\xa0"
     "1",
     1, 1, "expected a value, found byte 0xc2"},
    {"\f1", 1, 1, "expected a value, found byte 0x0c"},
    {"// a comment\n1", 1, 1, "expected a value, found '/'"},
    {"[1,/**/2]", 1, 4, "expected a value, found '/'"},
    {"\xef\xbb\xbf"
     "1",
     1, 1, "a byte order mark (U+FEFF) before the text"},
    {"\xef\xbb", 1, 1, "expected a value, found byte 0xef"},
    {"\xfe\xff\0[\0]"sv, 1, 1, "expected a value, found byte 0xfe"},
    // words
    {"nul", 1, 1, "unknown word 'nul': JSON has true, false and null"},
    {"nulll", 1, 1, "unknown word 'nulll': JSON has true, false and null"},
    {"True", 1, 1, "unknown word 'True': JSON has true, false and null"},
    {"[tru]", 1, 2, "unknown word 'tru': JSON has true, false and null"},
    {"[NaN]", 1, 2, "unknown word 'NaN': JSON has true, false and null"},
    {"Infinity", 1, 1,
     "unknown word 'Infinity': JSON has true, false and null"},
    // more than a value
    {"1 2", 1, 3, "expected the end of the text after the value, found '2'"},
    {"[]]", 1, 3, "expected the end of the text after the value, found ']'"},
    {"{}x", 1, 3, "expected the end of the text after the value, found 'x'"},
    {"null,", 1, 5, "expected the end of the text after the value, found ','"},
    {"1\0"sv, 1, 2,
     "expected the end of the text after the value, found byte 0x00"},
    {"\"a\"b", 1, 4, "expected the end of the text after the value, found 'b'"},
    // arrays
    {"[", 1, 2, "expected a value, found the end of the text"},
    {"[1", 1, 3,
     "expected ',' or ']' after an array element, found the end of the text"},
    {"[1,", 1, 4, "expected a value, found the end of the text"},
    {"[1,]", 1, 4, "expected a value, found ']'"},
    {"[,1]", 1, 2, "expected a value, found ','"},
    {"[1,,2]", 1, 4, "expected a value, found ','"},
    {"[1 2]", 1, 4, "expected ',' or ']' after an array element, found '2'"},
    {"[1}", 1, 3, "expected ',' or ']' after an array element, found '}'"},
    {"[1:2]", 1, 3, "expected ',' or ']' after an array element, found ':'"},
    {"[\n1,\n 2;]", 3, 3,
     "expected ',' or ']' after an array element, found ';'"},
    // objects
    {"{", 1, 2,
     "expected a member name in double quotes, found the end of the text"},
    {"{a:1}", 1, 2, "expected a member name in double quotes, found 'a'"},
    {"{1:1}", 1, 2, "expected a member name in double quotes, found '1'"},
    {"{'a':1}", 1, 2, "expected a member name in double quotes, found '''"},
    {"{,}", 1, 2, "expected a member name in double quotes, found ','"},
    {R"({"a":1,})", 1, 8, "expected a member name in double quotes, found '}'"},
    {R"({"a"})", 1, 5, "expected ':' after a member name, found '}'"},
    {R"({"a" 1})", 1, 6, "expected ':' after a member name, found '1'"},
    {R"({"a"=1})", 1, 5, "expected ':' after a member name, found '='"},
    {R"({"a":})", 1, 6, "expected a value, found '}'"},
    {R"({"a"::1})", 1, 6, "expected a value, found ':'"},
    {R"({"a":1 "b":2})", 1, 8,
     "expected ',' or '}' after an object member, found '\"'"},
    {R"({"a":1])", 1, 7,
     "expected ',' or '}' after an object member, found ']'"},
    {R"({"a":1)", 1, 7,
     "expected ',' or '}' after an object member, found the end of the text"},
    {"{[:1}", 1, 2, "expected a member name in double quotes, found '['"},
    // strings
    {"\"", 1, 1, "this string is never closed"},
    {"[\"a", 1, 2, "this string is never closed"},
    {"[\"a]", 1, 2, "this string is never closed"},
    {R"("\)", 1, 1, "this string is never closed"},
    {R"("\n)", 1, 1, "this string is never closed"},
    {R"("a\")", 1, 1, "this string is never closed"},
    {"\"\xc3", 1, 1, "this string is never closed"},
    {R"("\q")", 1, 2, R"(unknown escape '\q')"},
    {R"("\'")", 1, 2, R"(unknown escape '\'')"},
    {R"("\U0041")", 1, 2, R"(unknown escape '\U')"},
    {R"("ab\x41")", 1, 4, R"(unknown escape '\x')"},
    {R"("\n\a")", 1, 4, R"(unknown escape '\a')"},
    {"\"\\\n\"", 1, 2, "unknown escape: a backslash before byte 0x0a"},
    {"\"\\\xc3\xa9\"", 1, 2, "unknown escape: a backslash before byte 0xc3"},
    {"\"\\\0\""sv, 1, 2, "unknown escape: a backslash before byte 0x00"},
    {"\"a\tb\"", 1, 3, "unescaped control character 0x09 in a string"},
    {"\"a\nb\"", 1, 3, "unescaped control character 0x0a in a string"},
    {"\"\0\""sv, 1, 2, "unescaped control character 0x00 in a string"},
    {"\"\\n\x1f\"", 1, 4, "unescaped control character 0x1f in a string"},
    {R"("\u")", 1, 4, R"(expected four hexadecimal digits after '\u')"},
    {R"("\u12")", 1, 6, R"(expected four hexadecimal digits after '\u')"},
    {R"("\u12g4")", 1, 6, R"(expected four hexadecimal digits after '\u')"},
    {R"("\u 041")", 1, 4, R"(expected four hexadecimal digits after '\u')"},
    {R"("\ud800")", 1, 2, R"(lone surrogate \ud800)"},
    {R"("\uDBFFx")", 1, 2, R"(lone surrogate \uDBFF)"},
    {R"("\udc00")", 1, 2, R"(lone surrogate \udc00)"},
    {R"("\udfff\ud800")", 1, 2, R"(lone surrogate \udfff)"},
    {R"("\ud800\ud800")", 1, 2, R"(lone surrogate \ud800)"},
    {R"("\ud800\u0041")", 1, 2, R"(lone surrogate \ud800)"},
    {R"("\ud800\n")", 1, 2, R"(lone surrogate \ud800)"},
    {R"("\ud83d\ude0g")", 1, 13,
     R"(expected four hexadecimal digits after '\u')"},
    // bytes that are not UTF-8
    {"\"\xff\"", 1, 2, "not UTF-8: byte 0xff"},
    {"\"\x80\"", 1, 2, "not UTF-8: byte 0x80"},
    {"\"\xc0\xaf\"", 1, 2, "not UTF-8: byte 0xc0"},
    {"\"a\xc3\"", 1, 4, "not UTF-8: byte 0x22"},
    {"\"\xe0\x80\x80\"", 1, 3, "not UTF-8: byte 0x80"},
    {"\"\xed\xa0\x80\"", 1, 3, "not UTF-8: byte 0xa0"},
    {"\"\xf4\x90\x80\x80\"", 1, 3, "not UTF-8: byte 0x90"},
    {"\"\\n\xff\"", 1, 4, "not UTF-8: byte 0xff"},
    {"{\"\xff\":1}", 1, 3, "not UTF-8: byte 0xff"},
    // places after characters of several bytes, and after lines
    {"[\"\xc3\xa9\xf0\x9f\x98\x80\" 1]", 1, 7,
     "expected ',' or ']' after an array element, found '1'"},
    {"{\"a\":1,\r\n\r\n  \"b\":}", 3, 7, "expected a value, found '}'"},
};

TEST(JsonParser, RefusesWhatIsNotJsonAndSaysWhereAndWhy) {
  for (const Bad& bad : kBad) {
    Arena arena;
    const Parsed parsed = parse_json(bad.text, arena);
    ASSERT_FALSE(parsed) << bad.text;
    EXPECT_EQ(parsed.error->message, bad.message) << bad.text;
    EXPECT_EQ(parsed.error->line, bad.line) << bad.text;
    EXPECT_EQ(parsed.error->column, bad.column) << bad.text;
  }
}

TEST(JsonParser, GivesThePlaceInBytesToo) {
  Arena arena;
  const Parsed parsed = parse_json("[\"\xc3\xa9\",\n?]", arena);
  EXPECT_EQ(parsed.error->offset, 7u);
}

}  // namespace
}  // namespace rp
