#include "reactor/function.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace rp {
namespace {

// A closure of Size bytes that knows whether it was put on the heap.
template <std::size_t Size>
struct Weighed {
  static inline int on_heap = 0;

  static void* operator new(std::size_t size) {
    ++on_heap;
    return std::malloc(size);
  }
  static void operator delete(void* memory) {
    --on_heap;
    std::free(memory);
  }

  char operator()() const { return bytes.back(); }

  std::array<char, Size> bytes{};
};

template <std::size_t Size>
Weighed<Size> weighed(char last) {
  Weighed<Size> closure;
  closure.bytes.back() = last;
  return closure;
}

TEST(Function, CallsWhatItWasMadeOf) {
  Function<int(int, int)> add = [](int a, int b) { return a + b; };
  EXPECT_EQ(add(2, 3), 5);
}

TEST(Function, IsEmptyUntilItHoldsSomething) {
  Task task;
  EXPECT_FALSE(task);
  EXPECT_FALSE(Task(nullptr));
  task = [] {};
  EXPECT_TRUE(task);
}

TEST(Function, OwnsWhatCannotBeCopied) {
  auto number = std::make_unique<int>(7);
  Function<int()> read = [owned = std::move(number)] { return *owned; };
  Function<int()> moved = std::move(read);
  EXPECT_FALSE(read);
  EXPECT_EQ(moved(), 7);
}

TEST(Function, KeepsStateBetweenCalls) {
  Function<int()> count = [n = 0]() mutable { return ++n; };
  count();
  Function<int()> moved = std::move(count);
  EXPECT_EQ(moved(), 2);
}

TEST(Function, PassesReferencesAndMovedArguments) {
  Function<void(std::string&, std::unique_ptr<int>)> fill =
      [](std::string& out, std::unique_ptr<int> in) {
        out = std::to_string(*in);
      };
  std::string text;
  fill(text, std::make_unique<int>(9));
  EXPECT_EQ(text, "9");
}

TEST(Function, DropsAResultThatNobodyAskedFor) {
  int calls = 0;
  Task task = [&calls] { return ++calls; };
  task();
  EXPECT_EQ(calls, 1);
}

TEST(Function, KeepsTwentyFourBytesInside) {
  Function<char()> closure = weighed<24>('x');
  EXPECT_EQ(Weighed<24>::on_heap, 0);
  Function<char()> moved = std::move(closure);
  EXPECT_EQ(moved(), 'x');
}

TEST(Function, PutsTwentyFiveBytesOnTheHeapAndFreesThem) {
  {
    Function<char()> closure = weighed<25>('y');
    Function<char()> moved = std::move(closure);
    EXPECT_EQ(Weighed<25>::on_heap, 1);
    EXPECT_EQ(moved(), 'y');
  }
  EXPECT_EQ(Weighed<25>::on_heap, 0);
}

TEST(Function, DestroysItsClosureOnceWhereverItHasMoved) {
  auto owned = std::make_shared<int>(1);
  {
    Task first = [owned] {};
    Task second = std::move(first);
    first = std::move(second);
    EXPECT_EQ(owned.use_count(), 2);
  }
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Function, DestroysTheOldClosureWhenItIsGivenANewOne) {
  auto owned = std::make_shared<int>(1);
  Task task = [owned] {};
  task = [] {};
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Function, IsEmptyAfterReset) {
  auto owned = std::make_shared<int>(1);
  Task task = [owned] {};
  task.reset();
  EXPECT_FALSE(task);
  EXPECT_EQ(owned.use_count(), 1);
}

TEST(Function, SurvivesBeingMovedToItself) {
  Function<int()> seven = [] { return 7; };
  Function<int()>& alias = seven;
  seven = std::move(alias);
  EXPECT_EQ(seven(), 7);
}

TEST(Function, LetsExceptionsOutAndCanBeCalledAgain) {
  int calls = 0;
  Task task = [&calls] {
    if (++calls == 1) throw std::runtime_error("once");
  };
  EXPECT_THROW(task(), std::runtime_error);
  EXPECT_NO_THROW(task());
}

TEST(Function, MayOwnAnotherFunction) {
  Function<int()> inner = [] { return 20; };
  Function<int()> outer = [in = std::move(inner)]() mutable {
    return in() + 1;
  };
  EXPECT_EQ(outer(), 21);
}

}  // namespace
}  // namespace rp
