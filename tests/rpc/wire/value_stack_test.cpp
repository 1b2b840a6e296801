#include "rpc/wire/value_stack.h"

#include <gtest/gtest.h>

namespace rp {
namespace {

TEST(ValueStack, GivesBackInTheOppositeOrderAcrossItsChunks) {
  for (const int count : {1, 31, 32, 33, 95, 96, 97, 100000}) {
    Arena arena;
    ValueStack stack(arena);
    for (int i = 0; i < count; ++i) stack.push(i);
    ASSERT_EQ(stack.size(), std::size_t(count));
    for (int i = count; i-- > 0;) ASSERT_EQ(stack.pop().as_int64(), i);
    EXPECT_EQ(stack.size(), 0u);
  }
}

TEST(ValueStack, NeedsNoMemoryFor32Values) {
  Arena arena;
  ValueStack stack(arena);
  for (int i = 0; i < 32; ++i) stack.push(i);
  EXPECT_EQ(arena.bytes(), 0u);
  stack.push(32);
  EXPECT_GT(arena.bytes(), 0u);
}

TEST(ValueStack, UsesItsChunksAgain) {
  Arena arena;
  ValueStack stack(arena);
  const auto fill_and_empty = [&] {
    for (int i = 0; i < 1000; ++i) stack.push(i);
    while (stack.size() > 0) stack.pop();
  };
  fill_and_empty();
  const std::size_t before = arena.bytes();
  for (int i = 0; i < 100; ++i) fill_and_empty();
  EXPECT_EQ(arena.bytes(), before);
}

}  // namespace
}  // namespace rp
