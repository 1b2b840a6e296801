#include "rpc/wire/json_value.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace rp {
namespace {

using Int64 = std::numeric_limits<std::int64_t>;
using Uint64 = std::numeric_limits<std::uint64_t>;

constexpr double k2To63 = 9223372036854775808.0;

// What the function throws, or nothing.
template <class Function>
std::string complaint(Function function) {
  try {
    function();
  } catch (const std::domain_error& error) {
    return error.what();
  }
  return "";
}

TEST(Value, IsNullUnlessTold) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(nullptr).is_null());
}

TEST(Value, KnowsItsKindFromWhatItIsMadeOf) {
  EXPECT_EQ(Value(true).kind(), Kind::kBool);
  EXPECT_EQ(Value(short{1}).kind(), Kind::kInteger);
  EXPECT_EQ(Value(1u).kind(), Kind::kInteger);
  EXPECT_EQ(Value(1.0).kind(), Kind::kNumber);
  EXPECT_EQ(Value("text").kind(), Kind::kString);
  EXPECT_EQ(Value(std::string_view("text")).kind(), Kind::kString);
  EXPECT_EQ(Value::array({}).kind(), Kind::kArray);
  EXPECT_EQ(Value::object({}).kind(), Kind::kObject);
}

TEST(Value, HoldsIntegersExactlyToBothEnds) {
  EXPECT_EQ(Value(Int64::min()).as_int64(), Int64::min());
  EXPECT_EQ(Value(Int64::max()).as_int64(), Int64::max());
  EXPECT_EQ(Value(Uint64::max()).as_uint64(), Uint64::max());
}

TEST(Value, IsUnsignedOnlyAbove2To63Less1) {
  const std::uint64_t largest = Int64::max();
  EXPECT_EQ(Value(largest).kind(), Kind::kInteger);
  EXPECT_EQ(Value(largest + 1).kind(), Kind::kUnsigned);
  EXPECT_EQ(Value(largest).as_uint64(), largest);
  EXPECT_TRUE(Value(largest + 1).is_integer());
}

TEST(Value, RefusesAnIntegerThatDoesNotFit) {
  EXPECT_THROW(Value(Uint64::max()).as_int64(), std::domain_error);
  EXPECT_THROW(Value(-1).as_uint64(), std::domain_error);
  EXPECT_EQ(Value(0).as_uint64(), 0u);
}

TEST(Value, GivesAnyNumberAsADouble) {
  EXPECT_EQ(Value(-2).as_double(), -2.0);
  EXPECT_EQ(Value(Uint64::max()).as_double(), 2 * k2To63);
  EXPECT_EQ(Value(0.5).as_double(), 0.5);
}

TEST(Value, RefusesNumbersThatJsonDoesNotHave) {
  EXPECT_THROW(Value{std::numeric_limits<double>::infinity()},
               std::domain_error);
  EXPECT_THROW(Value{std::numeric_limits<double>::quiet_NaN()},
               std::domain_error);
}

TEST(Value, SaysWhatItExpectedAndWhatItFound) {
  EXPECT_EQ(complaint([] { Value(1).as_string(); }),
            "expected a string, found an integer");
  EXPECT_EQ(complaint([] { Value().as_bool(); }),
            "expected a boolean, found null");
  EXPECT_EQ(complaint([] { Value(1.5).as_int64(); }),
            "expected an integer, found a number");
  EXPECT_EQ(complaint([] { Value("1").as_double(); }),
            "expected a number, found a string");
  EXPECT_EQ(complaint([] { Value::object({}).items(); }),
            "expected an array, found an object");
  EXPECT_EQ(complaint([] { Value(true).members(); }),
            "expected an object, found a boolean");
}

TEST(Value, FindsAMemberByItsName) {
  Arena arena;
  const Value object = ObjectBuilder(arena).add("a", 1).add("", 2).build();
  EXPECT_EQ(object.find("a")->as_int64(), 1);
  EXPECT_EQ(object.find("")->as_int64(), 2);
  EXPECT_EQ(object.find("b"), nullptr);
}

TEST(Value, FindsNothingInWhatIsNoObject) {
  EXPECT_EQ(Value().find("a"), nullptr);
  EXPECT_EQ(Value::array({}).find("a"), nullptr);
}

TEST(Value, HasASizeIfItHasItemsOrMembers) {
  Arena arena;
  EXPECT_EQ(ArrayBuilder(arena).push(1).push(2).build().size(), 2u);
  EXPECT_EQ(ObjectBuilder(arena).add("a", 1).build().size(), 1u);
  EXPECT_EQ(Value("text").size(), 0u);
}

TEST(ValueEquality, ComparesNumbersByTheirValue) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_EQ(Value(0), Value(-0.0));
  EXPECT_EQ(Value(std::uint64_t{1} << 63), Value(k2To63));
  EXPECT_EQ(Value(Int64::min()), Value(-k2To63));
  EXPECT_NE(Value(1), Value(1.5));
  EXPECT_NE(Value(-1), Value(Uint64::max()));
}

TEST(ValueEquality, DoesNotRoundAnIntegerToADouble) {
  EXPECT_NE(Value(Int64::max()), Value(k2To63));
  EXPECT_NE(Value(Uint64::max()), Value(2 * k2To63));
  EXPECT_NE(Value((std::int64_t{1} << 53) + 1), Value(9007199254740992.0));
}

TEST(ValueEquality, TellsKindsApart) {
  const std::vector<Value> values = {
      nullptr, false, 0, "", Value::array({}), Value::object({})};
  for (std::size_t i = 0; i < values.size(); ++i) {
    for (std::size_t j = 0; j < values.size(); ++j) {
      EXPECT_EQ(values[i] == values[j], i == j) << i << " " << j;
    }
  }
}

TEST(ValueEquality, MindsTheOrderOfItemsAndNotOfMembers) {
  Arena arena;
  const auto pair = [&](Value a, Value b) {
    return ArrayBuilder(arena).push(a).push(b).build();
  };
  EXPECT_EQ(pair(1, "x"), pair(1, "x"));
  EXPECT_NE(pair(1, "x"), pair("x", 1));
  const Value ab = ObjectBuilder(arena).add("a", 1).add("b", 2).build();
  const Value ba = ObjectBuilder(arena).add("b", 2).add("a", 1).build();
  EXPECT_EQ(ab, ba);
}

TEST(ValueEquality, SeesAMemberThatDiffers) {
  Arena arena;
  const auto object = [&](std::string_view name, Value value) {
    return ObjectBuilder(arena).add("same", 1).add(name, value).build();
  };
  EXPECT_NE(object("a", 1), object("b", 1));
  EXPECT_NE(object("a", 1), object("a", 2));
  EXPECT_NE(object("a", 1), ObjectBuilder(arena).add("same", 1).build());
}

TEST(ArrayBuilder, KeepsTheOrderOfAnyNumberOfItems) {
  Arena arena;
  for (const int count : {0, 1, 4, 5, 1000}) {
    ArrayBuilder builder(arena);
    for (int i = 0; i < count; ++i) builder.push(i);
    const Value array = builder.build();
    ASSERT_EQ(array.size(), std::size_t(count));
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(array.items()[std::size_t(i)].as_int64(), i);
    }
  }
}

TEST(ArrayBuilder, MayGoOnAfterItHasBuilt) {
  Arena arena;
  ArrayBuilder builder(arena);
  const Value one = builder.push(1).build();
  const Value two = builder.push(2).build();
  EXPECT_EQ(one.size(), 1u);
  EXPECT_EQ(two.size(), 2u);
}

TEST(ObjectBuilder, CopiesNames) {
  Arena arena;
  std::string name = "first";
  const Value object = ObjectBuilder(arena).add(name, 1).build();
  name = "other";
  EXPECT_EQ(object.members()[0].name, "first");
}

TEST(ObjectBuilder, LetsTheLastOfEqualNamesWinAtThePlaceOfTheFirst) {
  Arena arena;
  const Value object =
      ObjectBuilder(arena).add("a", 1).add("b", 2).add("a", 3).build();
  ASSERT_EQ(object.size(), 2u);
  EXPECT_EQ(object.members()[0].name, "a");
  EXPECT_EQ(object.members()[0].value.as_int64(), 3);
  EXPECT_EQ(object.members()[1].name, "b");
}

TEST(CopyOfAValue, NeedsNothingOfTheArenaItCameFrom) {
  Arena arena;
  Arena away;
  const Value list = ArrayBuilder(arena).push(text(arena, "in")).build();
  const Value object =
      ObjectBuilder(arena).add("list", list).add("n", 7).build();
  const Value copied = copy(object, away);
  arena.reset();
  std::memset(arena.allocate(900, 1), 'x', 900);
  EXPECT_EQ(copied.find("list")->items()[0].as_string(), "in");
  EXPECT_EQ(copied.find("n")->as_int64(), 7);
}

TEST(TextOfAValue, IsCopiedToTheArena) {
  Arena arena;
  std::string bytes = "before";
  const Value value = text(arena, bytes);
  bytes = "after!";
  EXPECT_EQ(value.as_string(), "before");
}

}  // namespace
}  // namespace rp
