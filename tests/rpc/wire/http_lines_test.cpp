#include "rpc/wire/http_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rpc/wire/http_grammar.h"
#include "tests/support/allocations.h"
#include "tests/support/parsed_http.h"

namespace rp {
namespace {

// The lines of a stream, each with a limit of 8 bytes, its end among them.
std::vector<std::string> lines_of(const Pieces& pieces) {
  HttpLines lines;
  LentBytes bytes;
  std::vector<std::string> all;
  for (const std::string& piece : pieces) {
    const std::vector<char> lent(piece.begin(), piece.end());
    bytes.feed({lent.data(), lent.size()});
    std::string_view line;
    HttpLines::Found found;
    while ((found = lines.take(bytes, 8, line)) == HttpLines::kLine) {
      all.emplace_back(line);
    }
    if (found == HttpLines::kTooLong) {
      all.emplace_back("<too long>");
      break;
    }
  }
  return all;
}

struct Vector {
  std::string stream;
  std::vector<std::string> lines;
};

const std::vector<Vector> kVectors = {
    {"", {}},
    {"\r\n", {""}},
    {"one\r\n\r\ntwo\r\nth", {"one", "", "two"}},
    {"123456\r\n", {"123456"}},
    {"123456\r\n123456\r\n", {"123456", "123456"}},
    {"12345678", {}},
    {"1234567\r\n", {"<too long>"}},
    {"a\r\n123456789\r\n", {"a", "<too long>"}},
    {"\t\xff \r\n", {"\t\xff "}},
};

TEST(HttpLines, CutsAStreamHoweverItComes) {
  for (const auto& [stream, lines] : kVectors) {
    EXPECT_EQ(lines_of({stream}), lines) << stream;
    EXPECT_EQ(lines_of(byte_by_byte(stream)), lines) << stream;
    for (const Pieces& pieces : cut_everywhere(stream)) {
      EXPECT_EQ(lines_of(pieces), lines) << pieces[0] << "|" << pieces[1];
    }
  }
}

TEST(HttpLines, RefusesEveryOtherEndOfALine) {
  for (const char* stream : {"\n", "a\n", "a\n\r\n", "\r\r\n", "a\rb\r\n"}) {
    const std::string shown = testing::PrintToString(stream);
    EXPECT_THROW(lines_of({stream}), HttpRefusal) << shown;
    EXPECT_THROW(lines_of(byte_by_byte(stream)), HttpRefusal) << shown;
  }
}

TEST(HttpLines, LendsALineThatLiesWhole) {
  const std::string stream = "a line of some length, more than a few bytes\r\n";
  LentBytes bytes;
  bytes.feed(stream);
  HttpLines lines;
  std::string_view line;
  Allocations allocations;
  EXPECT_EQ(lines.take(bytes, 100, line), HttpLines::kLine);
  EXPECT_EQ(line.data(), stream.data());
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(HttpLines, HoldsWhatHasBegunAndNothingElse) {
  LentBytes bytes;
  HttpLines lines;
  std::string_view line;
  bytes.feed("one\r\ntw");
  EXPECT_EQ(lines.take(bytes, 8, line), HttpLines::kLine);
  EXPECT_FALSE(lines.partial());
  EXPECT_EQ(lines.take(bytes, 8, line), HttpLines::kNothingYet);
  EXPECT_TRUE(lines.partial());
  EXPECT_EQ(lines.held(), 2u);
  bytes.feed("o\r\n");
  EXPECT_EQ(lines.take(bytes, 8, line), HttpLines::kLine);
  EXPECT_EQ(line, "two");
  EXPECT_FALSE(lines.partial());
  EXPECT_EQ(lines.take(bytes, 8, line), HttpLines::kNothingYet);
  EXPECT_EQ(lines.held(), 0u);
}

}  // namespace
}  // namespace rp
