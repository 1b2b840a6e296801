#include "rpc/wire/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/allocations.h"

namespace rp {
namespace {

bool is_aligned(const void* memory, std::size_t align) {
  return reinterpret_cast<std::uintptr_t>(memory) % align == 0;
}

TEST(Arena, HoldsNothingBeforeItIsUsed) {
  Allocations allocations;
  Arena arena;
  arena.reset();
  EXPECT_TRUE(arena.copy("").empty());
  EXPECT_TRUE(arena.array<int>(0).empty());
  EXPECT_EQ(arena.bytes(), 0u);
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(Arena, BeginsWithOneBlockOf1KiB) {
  Arena arena;
  arena.allocate(1, 1);
  EXPECT_EQ(arena.bytes(), 1024u);
}

TEST(Arena, AlignsAsAskedFor) {
  Arena arena;
  for (std::size_t align = 1; align <= 4096; align *= 2) {
    arena.allocate(1, 1);
    EXPECT_TRUE(is_aligned(arena.allocate(3, align), align)) << align;
  }
}

TEST(Arena, HasRoomForTheAlignmentOfALargeAllocation) {
  constexpr std::size_t kSize = 2 * 1024 * 1024;
  Arena arena;
  std::memset(arena.allocate(kSize, 4096), 'x', kSize);
  EXPECT_GE(arena.bytes(), kSize + 4096);
}

TEST(Arena, GivesEachAllocationBytesOfItsOwn) {
  Arena arena;
  std::vector<std::pair<char*, int>> all;
  for (int i = 0; i < 500; ++i) {
    const auto size = static_cast<std::size_t>(i % 61 + 1);
    char* const bytes = static_cast<char*>(arena.allocate(size, 1));
    std::memset(bytes, i % 128, size);
    all.emplace_back(bytes, i);
  }
  for (const auto& [bytes, i] : all) {
    EXPECT_EQ(bytes[0], i % 128);
    EXPECT_EQ(bytes[i % 61], i % 128);
  }
}

TEST(Arena, CopiesText) {
  Arena arena;
  std::string text = "goes away";
  const std::string_view copy = arena.copy(text);
  text.assign(text.size(), 'x');
  EXPECT_EQ(copy, "goes away");
}

TEST(Arena, ValueInitialisesArrays) {
  Arena arena;
  std::memset(arena.allocate(800, 1), 0xff, 800);
  arena.reset();
  for (const int number : arena.array<int>(200)) ASSERT_EQ(number, 0);
}

TEST(Arena, RefusesAnArrayTooLargeToCount) {
  Arena arena;
  constexpr auto kMost = std::numeric_limits<std::size_t>::max();
  EXPECT_THROW(arena.array<std::uint64_t>(kMost / 4), std::bad_alloc);
  EXPECT_THROW(arena.allocate(kMost, 1), std::bad_alloc);
  EXPECT_EQ(arena.bytes(), 0u);
}

TEST(Arena, DoublesItsBlocksUpTo1MiB) {
  Arena arena;
  Allocations allocations;
  for (int i = 0; i < 8 * 1024; ++i) arena.allocate(1024, 1);
  // 1 KiB to 512 KiB are ten; then one for each MiB.
  EXPECT_LE(allocations.made(), 19u);
  EXPECT_LE(arena.bytes(), 10u * 1024 * 1024);
}

TEST(Arena, AllocatesNothingWhenWarm) {
  Arena arena;
  for (int i = 0; i < 5; ++i) {
    arena.array<char>(6000);
    arena.copy("some text");
    arena.reset();
  }
  Allocations allocations;
  arena.array<char>(6000);
  arena.copy("some text");
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(Arena, KeepsABlockOf16KiBAtReset) {
  Arena arena;
  while (arena.bytes() < 63 * 1024) arena.allocate(500, 1);
  EXPECT_EQ(arena.bytes(), 63u * 1024);  // 1, 2, 4, 8, 16 and 32 KiB
  arena.reset();
  EXPECT_EQ(arena.bytes(), 16u * 1024);
}

TEST(Arena, WarmsUpToABlockThatIsKeptWhateverItIsAskedFor) {
  Arena arena;
  for (int i = 0; i < 8; ++i) {
    arena.array<char>(1025);
    for (int j = 0; j < 14; ++j) arena.array<char>(1025);
    arena.reset();
  }
  EXPECT_EQ(arena.bytes(), 16u * 1024);
}

TEST(Arena, GivesALargeMessagesMemoryBackAtReset) {
  Allocations allocations;
  Arena arena;
  arena.allocate(5 * 1024 * 1024, 1);
  EXPECT_EQ(allocations.held(), 1);
  arena.reset();
  EXPECT_EQ(arena.bytes(), 0u);
  EXPECT_EQ(allocations.held(), 0);
}

TEST(Arena, FreesAllAtItsEnd) {
  Allocations allocations;
  {
    Arena arena;
    for (int i = 0; i < 100; ++i) arena.allocate(1000, 8);
    EXPECT_GT(allocations.held(), 1);
  }
  EXPECT_EQ(allocations.held(), 0);
}

TEST(Arena, LeavesWhatItHoldsInPlaceWhenItMoves) {
  Arena here;
  const std::string_view text = here.copy("still here");
  const char* const place = text.data();
  Arena there = std::move(here);
  EXPECT_EQ(here.bytes(), 0u);
  EXPECT_EQ(there.bytes(), 1024u);
  EXPECT_EQ(std::string_view(place, text.size()), "still here");
}

TEST(Arena, FreesItsOwnWhenAnotherMovesIn) {
  Allocations allocations;
  Arena one;
  Arena two;
  one.copy("one");
  two.copy("two");
  one = std::move(two);
  EXPECT_EQ(allocations.held(), 1);
}

}  // namespace
}  // namespace rp
