#include "rpc/params.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

class ParamsTest : public ::testing::Test {
 protected:
  Params params(std::string_view json) {
    return {parse_json(json, arena_).value, &declared_, arena_};
  }

  /// The message with which they are refused, or "fits".
  std::string check(std::string_view json) {
    return refusal(
        [&] { Params::check(parse_json(json, arena_).value, declared_); });
  }

  template <class F>
  std::string refusal(F asked) {
    try {
      asked();
    } catch (const RpcError& error) {
      EXPECT_EQ(error.code, kInvalidParams);
      return error.message;
    }
    return "fits";
  }

  Declared declared_ = {{"minuend", Type::integer},
                        {"subtrahend", Type::integer},
                        {"note", Type::string, false}};
  Arena arena_;
};

TEST_F(ParamsTest, AreFoundByNameWhereverTheyStand) {
  const Params by_name = params(R"({"subtrahend":23,"minuend":42})");
  EXPECT_EQ(by_name.integer("minuend"), 42);
  const Params by_position = params("[42,23]");
  EXPECT_EQ(by_position.integer("subtrahend"), 23);
}

TEST_F(ParamsTest, FitWithAndWithoutWhatIsOptional) {
  EXPECT_EQ(check("[1,2]"), "fits");
  EXPECT_EQ(check(R"([1,2,"a"])"), "fits");
  EXPECT_EQ(check(R"({"minuend":1,"subtrahend":2})"), "fits");
}

TEST_F(ParamsTest, OneThatIsMissingIsNamed) {
  EXPECT_EQ(check("[1]"), R"(Invalid params: "subtrahend" is missing)");
  EXPECT_EQ(check(R"({"subtrahend":1})"),
            R"(Invalid params: "minuend" is missing)");
  EXPECT_EQ(check("null"), R"(Invalid params: "minuend" is missing)");
}

TEST_F(ParamsTest, OneOfAWrongTypeIsNamed) {
  EXPECT_EQ(check(R"([1,"2"])"),
            "Invalid params: \"subtrahend\" must be an integer from -2^63 to "
            "2^63-1, not a string");
  EXPECT_EQ(check(R"({"minuend":1,"subtrahend":2,"note":null})"),
            R"(Invalid params: "note" must be a string, not null)");
}

TEST_F(ParamsTest, ThoseThatAreUnknownAreRefused) {
  EXPECT_EQ(check(R"([1,2,"a",4])"),
            "Invalid params: 4 were sent, at most 3 are known");
  EXPECT_EQ(check(R"({"minuend":1,"subtrahend":2,"x":3})"),
            R"(Invalid params: "x" is unknown)");
}

TEST_F(ParamsTest, AnIntegerNeeds64BitsWithASign) {
  EXPECT_EQ(check("[9223372036854775807,-9223372036854775808]"), "fits");
  EXPECT_NE(check("[9223372036854775808,1]"), "fits");
  EXPECT_NE(check("[1.5,1]"), "fits");
}

TEST_F(ParamsTest, AnIntegerIsOneByItsValueHoweverItIsWritten) {
  const Params written = params("[1e3,42.0]");
  EXPECT_EQ(written.integer("minuend"), 1000);
  EXPECT_EQ(written.integer("subtrahend"), 42);
  EXPECT_EQ(params("[-0.0]").integer("minuend"), 0);
  EXPECT_EQ(check("[1e3,42.0]"), "fits");
  EXPECT_EQ(check("[42.5,1]"),
            "Invalid params: \"minuend\" must be an integer from -2^63 to "
            "2^63-1, not a number");
}

TEST_F(ParamsTest, AnIntegerWrittenAsANumberNeeds64BitsToo) {
  EXPECT_EQ(params("[-9223372036854775808.0]").integer("minuend"), INT64_MIN);
  EXPECT_EQ(check("[9223372036854774784.0,1]"), "fits");
  for (const char* beyond : {"[9223372036854775808.0,1]", "[1e19,1]",
                             "[-9223372036854777856.0,1]", "[1e300,1]"}) {
    EXPECT_NE(check(beyond), "fits") << beyond;
  }
}

struct TypeCase {
  Type type;
  std::string fits;
  std::string not_that;
};

class ParamTypes : public ::testing::TestWithParam<TypeCase> {};

TEST_P(ParamTypes, TakeWhatTheySayAndNothingElse) {
  Arena arena;
  const Declared declared = {{"p", GetParam().type}};
  const Value good = parse_json("[" + GetParam().fits + "]", arena).value;
  EXPECT_NO_THROW(Params::check(good, declared));
  if (GetParam().not_that.empty()) return;
  const Value bad = parse_json("[" + GetParam().not_that + "]", arena).value;
  EXPECT_THROW(Params::check(bad, declared), RpcError);
}

INSTANTIATE_TEST_SUITE_P(Types, ParamTypes,
                         ::testing::Values(TypeCase{Type::any, "null", ""},
                                           TypeCase{Type::boolean, "true", "0"},
                                           TypeCase{Type::integer, "7", "true"},
                                           TypeCase{Type::number, "7.5", "{}"},
                                           TypeCase{Type::number, "7", "\"7\""},
                                           TypeCase{Type::string, "\"\"", "[]"},
                                           TypeCase{Type::array, "[]", "{}"},
                                           TypeCase{Type::object, "{}", "[]"}));

TEST_F(ParamsTest, AskedForWithoutADeclarationTheyAreCheckedToo) {
  const Params free(parse_json(R"({"a":"x","b":true,"c":0.5})", arena_).value,
                    nullptr, arena_);
  EXPECT_EQ(free.string("a"), "x");
  EXPECT_TRUE(free.boolean("b"));
  EXPECT_EQ(free.number("c"), 0.5);
  EXPECT_EQ(refusal([&] { free.integer("a"); }),
            "Invalid params: \"a\" must be an integer from -2^63 to 2^63-1, "
            "not a string");
  EXPECT_EQ(refusal([&] { free.get("d"); }),
            R"(Invalid params: "d" is missing)");
}

TEST_F(ParamsTest, WhatIsAbsentCanHaveAnotherValue) {
  const Params some = params("[1]");
  EXPECT_EQ(some.integer_or("minuend", 5), 1);
  EXPECT_EQ(some.integer_or("subtrahend", 5), 5);
  EXPECT_EQ(some.number_or("subtrahend", 0.5), 0.5);
  EXPECT_TRUE(some.boolean_or("subtrahend", true));
}

TEST_F(ParamsTest, WhatIsPresentAndWrongIsNotReplaced) {
  const Params some = params(R"(["one"])");
  EXPECT_NE(refusal([&] { some.integer_or("minuend", 5); }), "fits");
}

TEST_F(ParamsTest, ArePlainValuesByPosition) {
  const Params some = params("[7,[8]]");
  EXPECT_EQ(some.size(), 2u);
  EXPECT_EQ(to_json(some.at(1)), "[8]");
  EXPECT_EQ(refusal([&] { some.at(2); }),
            "Invalid params: number 3 is missing");
  EXPECT_NE(refusal([&] { params("{}").at(0); }), "fits");
}

}  // namespace
}  // namespace rp
