#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "rpc/wire/json_token.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

struct Good {
  std::string_view text;
  Kind kind;
  std::string_view written;
};

const std::vector<Good> kGood = {
    {"0", Kind::kInteger, "0"},
    {"-1", Kind::kInteger, "-1"},
    {"10", Kind::kInteger, "10"},
    {"9223372036854775807", Kind::kInteger, "9223372036854775807"},
    {"9223372036854775808", Kind::kUnsigned, "9223372036854775808"},
    {"-9223372036854775808", Kind::kInteger, "-9223372036854775808"},
    {"18446744073709551615", Kind::kUnsigned, "18446744073709551615"},
    // integers beyond are the nearest double
    {"18446744073709551616", Kind::kNumber, "18446744073709551616"},
    {"-9223372036854775809", Kind::kNumber, "-9223372036854775808"},
    {"123456789012345678901234567890", Kind::kNumber, "1.2345678901234568e+29"},
    // doubles
    {"-0", Kind::kNumber, "-0"},
    {"-0.0", Kind::kNumber, "-0"},
    {"0.0", Kind::kNumber, "0"},
    {"0e0", Kind::kNumber, "0"},
    {"1.0", Kind::kNumber, "1"},
    {"1.5", Kind::kNumber, "1.5"},
    {"-12.25", Kind::kNumber, "-12.25"},
    {"0.1", Kind::kNumber, "0.1"},
    {"0.30000000000000004", Kind::kNumber, "0.30000000000000004"},
    {"1e5", Kind::kNumber, "1e+05"},
    {"1E5", Kind::kNumber, "1e+05"},
    {"1e+2", Kind::kNumber, "100"},
    {"1e-2", Kind::kNumber, "0.01"},
    {"1.25E-10", Kind::kNumber, "1.25e-10"},
    {"0e+00001", Kind::kNumber, "0"},
    {"1e0000000000000000000000001", Kind::kNumber, "10"},
    // ties go to the even neighbour
    {"9007199254740993.0", Kind::kNumber, "9007199254740992"},
    {"1.00000000000000011102230246251565", Kind::kNumber, "1"},
    // the largest and the smallest
    {"1.7976931348623157e308", Kind::kNumber, "1.7976931348623157e+308"},
    {"-1.7976931348623157e308", Kind::kNumber, "-1.7976931348623157e+308"},
    {"1.7976931348623158e308", Kind::kNumber, "1.7976931348623157e+308"},
    {"2.2250738585072014e-308", Kind::kNumber, "2.2250738585072014e-308"},
    {"5e-324", Kind::kNumber, "5e-324"},
    {"2.5e-324", Kind::kNumber, "5e-324"},
    // too small is zero, with its sign
    {"2e-324", Kind::kNumber, "0"},
    {"-2e-324", Kind::kNumber, "-0"},
    {"1e-400", Kind::kNumber, "0"},
    {"-1e-99999999999999999999", Kind::kNumber, "-0"},
    {"123456789.5e-99999999999999999999", Kind::kNumber, "0"},
    {"0e99999999999999999999", Kind::kNumber, "0"},
    {"-0.0e400", Kind::kNumber, "-0"},
};

TEST(JsonNumber, ReadsWhatIsANumber) {
  for (const Good& good : kGood) {
    const JsonToken token = read_number(good.text);
    ASSERT_EQ(token.problem, "") << good.text;
    EXPECT_EQ(token.length, good.text.size()) << good.text;
    EXPECT_EQ(token.value.kind(), good.kind) << good.text;
    EXPECT_EQ(to_json(token.value), good.written) << good.text;
  }
}

TEST(JsonNumber, IsWrittenTheSameOnceItWasWritten) {
  for (const Good& good : kGood) {
    const JsonToken again = read_number(good.written);
    EXPECT_EQ(to_json(again.value), good.written) << good.text;
    EXPECT_EQ(again.value, read_number(good.text).value) << good.text;
  }
}

TEST(JsonNumber, IsASmallZeroOfManyDigits) {
  std::string text = "0." + std::string(500, '0') + "1";
  EXPECT_EQ(to_json(read_number(text).value), "0");
  text += "e501";
  EXPECT_EQ(to_json(read_number(text).value), "1");
}

TEST(JsonNumber, IsALargeOneOfManyDigits) {
  const std::string text = "1" + std::string(308, '0');
  EXPECT_EQ(to_json(read_number(text).value), "1e+308");
  EXPECT_EQ(read_number(text + "0").problem, "number out of range");
  EXPECT_EQ(to_json(read_number(text + "0e-1").value), "1e+308");
}

struct Bad {
  std::string_view text;
  std::size_t wrong_at;
  std::string_view problem;
};

const std::vector<Bad> kBad = {
    {"-", 1, "expected a digit after '-'"},
    {"--1", 1, "expected a digit after '-'"},
    {"-.5", 1, "expected a digit after '-'"},
    {"-Infinity", 1, "expected a digit after '-'"},
    {"00", 0, "a number must not begin with a zero"},
    {"01", 0, "a number must not begin with a zero"},
    {"-012", 1, "a number must not begin with a zero"},
    {"1.", 2, "expected a digit after '.'"},
    {"1.e1", 2, "expected a digit after '.'"},
    {"-0.", 3, "expected a digit after '.'"},
    {"1e", 2, "expected a digit in the exponent"},
    {"1e+", 3, "expected a digit in the exponent"},
    {"1.5E-x", 5, "expected a digit in the exponent"},
    {"1e+-1", 3, "expected a digit in the exponent"},
    {"1e400", 0, "number out of range"},
    {"-1e400", 0, "number out of range"},
    {"1.7976931348623159e308", 0, "number out of range"},
    {"0.001e99999999999999999999", 0, "number out of range"},
};

TEST(JsonNumber, RefusesWhatIsNone) {
  for (const Bad& bad : kBad) {
    const JsonToken token = read_number(bad.text);
    EXPECT_EQ(token.problem, bad.problem) << bad.text;
    EXPECT_EQ(token.length, bad.wrong_at) << bad.text;
  }
}

TEST(JsonNumber, EndsWhereItsDigitsDo) {
  const std::vector<std::string_view> all = {"12,3", "12]",  "12 ",
                                             "12x",  "12-1", "12e1."};
  for (const std::string_view text : all) {
    const JsonToken token = read_number(text);
    EXPECT_EQ(token.problem, "") << text;
    EXPECT_EQ(token.length, text == "12e1." ? 4u : 2u) << text;
  }
}

}  // namespace
}  // namespace rp
