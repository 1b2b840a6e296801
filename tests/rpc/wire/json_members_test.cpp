#include "rpc/wire/json_members.h"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "rpc/wire/json_value.h"

namespace rp {
namespace {

// A name that counts how often it is compared.
struct CountedName {
  int number = 0;
  std::size_t* comparisons = nullptr;

  int compare(const CountedName& other) const {
    ++*comparisons;
    return number - other.number;
  }
};

struct Counted {
  CountedName name;
  int value = 0;
};

std::vector<Counted> counted(int count, int names, std::size_t& comparisons) {
  std::vector<Counted> members;
  for (int i = 0; i < count; ++i) {
    members.push_back(
        {{static_cast<int>(i * 7919LL % names), &comparisons}, i});
  }
  return members;
}

// What sorting may cost: a few times n log n, and never n squared.
std::size_t a_few_n_log_n(std::size_t n) {
  return 4 * n * static_cast<std::size_t>(std::bit_width(n));
}

TEST(LastWins, LeavesMembersThatDifferAsTheyAre) {
  for (const int count : {0, 1, 16, 17, 100}) {
    Arena arena;
    std::size_t comparisons = 0;
    auto members = counted(count, 1000, comparisons);
    const auto left = last_wins(std::span(members), arena);
    ASSERT_EQ(left.size(), std::size_t(count));
    for (int i = 0; i < count; ++i) {
      EXPECT_EQ(left[std::size_t(i)].value, i);
    }
  }
}

TEST(LastWins, PutsTheLastValueAtThePlaceOfTheFirst) {
  for (const int count : {10, 16, 17, 100}) {
    Arena arena;
    std::size_t comparisons = 0;
    auto members = counted(count, 5, comparisons);
    const auto left = last_wins(std::span(members), arena);
    ASSERT_EQ(left.size(), 5u);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(left[std::size_t(i)].name.number, i * 7919 % 5);
      EXPECT_EQ(left[std::size_t(i)].value, i + (count - 1 - i) / 5 * 5);
    }
  }
}

TEST(LastWins, ComparesManyNamesFarLessThanEachWithEach) {
  for (const int names : {1, 10, 100003}) {
    Arena arena;
    std::size_t comparisons = 0;
    auto members = counted(100000, names, comparisons);
    last_wins(std::span(members), arena);
    EXPECT_LE(comparisons, a_few_n_log_n(members.size())) << names;
  }
}

TEST(ByName, OrdersByBytesAndEqualNamesByTheirPlace) {
  Arena arena;
  const std::vector<Member> members = {{"b", 0}, {"\xc3\xa9", 1}, {"", 2},
                                       {"a", 3}, {"b", 4},        {"aa", 5}};
  const auto order = by_name(std::span(members), arena);
  EXPECT_EQ(std::vector<std::uint32_t>(order.begin(), order.end()),
            (std::vector<std::uint32_t>{2, 3, 5, 0, 4, 1}));
}

}  // namespace
}  // namespace rp
