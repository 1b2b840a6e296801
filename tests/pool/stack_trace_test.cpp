#include "pool/stack_trace.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/allocations.h"

namespace rp {
namespace {

#define RP_KEEP [[gnu::noinline]]

int depth = 0;  // what the compiler cannot know keeps each call a call

RP_KEEP void fail() {
  ++depth;
  throw std::runtime_error("failed");
}

RP_KEEP void throw_number() { throw ++depth; }

RP_KEEP void call_fail() {
  fail();
  ++depth;
}

RP_KEEP void ask_beyond_the_end() {
  depth = std::vector<int>{}.at(1);
  ++depth;
}

RP_KEEP void dive(int deep) {
  deep == 0 ? fail() : dive(deep - 1);
  ++depth;
}

template <class Action>
StackTrace trace_of(Action action) {
  TraceThrows throws;
  try {
    action();
  } catch (...) {
    return throws.of(std::current_exception());
  }
  return {};
}

// The place of the first function whose name has `part` in it; -1: of none.
int place_of(const std::string& part, const StackTrace& trace) {
  const std::vector<std::string> names = trace.functions();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].find(part) != std::string::npos) return static_cast<int>(i);
  }
  return -1;
}

class StackTraceTest : public testing::Test {
 protected:
  void SetUp() override {
#ifdef RP_NO_STACK_TRACE
    GTEST_SKIP() << "built without stack traces";
#endif
  }
};

class TraceThrowsTest : public StackTraceTest {};

TEST_F(StackTraceTest, BeginsAtTheThrowAndGoesOutwards) {
  const StackTrace trace = trace_of(call_fail);
  EXPECT_EQ(place_of("::fail()", trace), 0) << trace.to_string();
  EXPECT_EQ(place_of("::call_fail()", trace), 1) << trace.to_string();
}

TEST_F(StackTraceTest, EndsAtTheFunctionThatWatches) {
  const StackTrace trace = trace_of(call_fail);
  EXPECT_EQ(place_of("trace_of", trace), -1) << trace.to_string();
  EXPECT_EQ(trace.functions().size(), 2u) << trace.to_string();
}

TEST_F(StackTraceTest, NamesALambda) {
  const StackTrace trace = trace_of([]() __attribute__((noinline)) {
    call_fail();
    ++depth;
  });
  EXPECT_EQ(place_of("operator()", trace), 2) << trace.to_string();
}

TEST_F(StackTraceTest, KnowsAThrowOfTheStandardLibrary) {
  const StackTrace trace = trace_of(ask_beyond_the_end);
  EXPECT_GE(place_of("::ask_beyond_the_end()", trace), 1) << trace.to_string();
}

TEST_F(StackTraceTest, StaysThatOfTheThrowWhenTheErrorIsThrownOn) {
  const StackTrace trace = trace_of([] {
    std::exception_ptr kept;
    try {
      try {
        call_fail();
      } catch (...) {
        throw;
      }
    } catch (...) {
      kept = std::current_exception();
    }
    std::rethrow_exception(kept);
  });
  EXPECT_EQ(place_of("::fail()", trace), 0) << trace.to_string();
}

TEST_F(StackTraceTest, IsNotThatOfAnotherErrorOnTheWay) {
  const StackTrace trace = trace_of([] {
    try {
      call_fail();
    } catch (...) {
      for (int others = 0; others < 3; ++others) {
        EXPECT_FALSE(trace_of(ask_beyond_the_end).empty());
        EXPECT_THROW(ask_beyond_the_end(), std::out_of_range);
      }
      throw;
    }
  });
  EXPECT_EQ(place_of("::fail()", trace), 0) << trace.to_string();
}

TEST_F(StackTraceTest, IsForgottenAfterThreeMoreThrows) {
  TraceThrows throws;
  std::vector<std::exception_ptr> errors;
  for (int i = 0; i < 5; ++i) {
    try {
      fail();
    } catch (...) {
      errors.push_back(std::current_exception());
    }
  }
  EXPECT_TRUE(throws.of(errors[0]).empty());
  EXPECT_FALSE(throws.of(errors[1]).empty());
  EXPECT_FALSE(throws.of(errors[4]).empty());
}

TEST_F(StackTraceTest, HoldsTheInnermostOfADeepCall) {
  EXPECT_LT(trace_of([] { dive(44); }).functions().size(), 48u);
  EXPECT_EQ(trace_of([] { dive(46); }).functions().size(), 48u);
  const StackTrace cut = trace_of([] { dive(150); });
  EXPECT_EQ(cut.functions().size(), 48u);
  EXPECT_EQ(place_of("::fail()", cut), 0);
}

TEST_F(StackTraceTest, IsALineForEachFunction) {
  const std::string text = trace_of(call_fail).to_string();
  EXPECT_EQ(text,
            "  #0 rp::(anonymous namespace)::fail()\n"
            "  #1 rp::(anonymous namespace)::call_fail()\n");
}

TEST_F(TraceThrowsTest, RecordsInItsOwnThreadOnly) {
  TraceThrows throws;
  std::exception_ptr error;
  std::thread other{[&error] {
    try {
      fail();
    } catch (...) {
      error = std::current_exception();
    }
  }};
  other.join();
  EXPECT_TRUE(throws.of(error).empty());
}

TEST_F(TraceThrowsTest, RecordsAgainWhenAnInnerOneHasGone) {
  TraceThrows outer;
  trace_of(fail);
  try {
    fail();
  } catch (...) {
    EXPECT_FALSE(outer.of(std::current_exception()).empty());
  }
}

TEST_F(TraceThrowsTest, ForgetsWhenItIsToldTo) {
  TraceThrows throws;
  try {
    fail();
  } catch (...) {
    throws.forget();
    EXPECT_TRUE(throws.of(std::current_exception()).empty());
  }
}

TEST_F(TraceThrowsTest, KnowsNothingOfAThrowBesideIt) {
  TraceThrows throws;
  try {
    throw ++depth;
  } catch (...) {
    EXPECT_TRUE(throws.of(std::current_exception()).empty());
  }
}

// If it did, a throw for want of memory would throw again, within its throw.
TEST_F(TraceThrowsTest, AsksForNoMemoryAtAThrow) {
  TraceThrows throws;
  const Allocations allocations;
  try {
    throw_number();
  } catch (int) {
    EXPECT_EQ(allocations.made(), 0u);
    EXPECT_FALSE(throws.of(std::current_exception()).empty());
  }
}

TEST_F(TraceThrowsTest, KnowsNothingOfWhatWasNotThrown) {
  TraceThrows throws;
  EXPECT_TRUE(throws.of(std::make_exception_ptr(1)).empty());
  EXPECT_TRUE(throws.of(nullptr).empty());
}

TEST(EmptyStackTrace, SaysWhy) {
#ifdef RP_NO_STACK_TRACE
  EXPECT_EQ(StackTrace().to_string(), "  (built without stack traces)\n");
  EXPECT_TRUE(trace_of(fail).empty());
#else
  EXPECT_EQ(StackTrace().to_string(), "  (no stack trace is known)\n");
#endif
}

TEST(FunctionAt, TellsWhatHasNoNameByItsPlaceInItsFile) {
  const std::string name = function_at(&depth);
  EXPECT_NE(name.find("tests+0x"), std::string::npos) << name;
  EXPECT_EQ(name.find('/'), std::string::npos) << name;
}

TEST(FunctionAt, DoesNotKnowWhatIsNoCodeAtAll) {
  EXPECT_EQ(function_at(nullptr), "?");
}

TEST(FunctionAt, NamesWhatASharedLibraryOffers) {
  EXPECT_NE(function_at(reinterpret_cast<const void*>(&std::terminate))
                .find("std::terminate()"),
            std::string::npos);
}

TEST(Demangled, IsAsCxxSpellsIt) {
  EXPECT_EQ(demangled("i"), "int");
  EXPECT_EQ(demangled("N2rp5BatchE"), "rp::Batch");
  EXPECT_EQ(demangled("not a name"), "not a name");
}

}  // namespace
}  // namespace rp
