#include <gtest/gtest.h>

#include <string>

#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

// Exercise 15.5: when this value is looked at, all that it came from is still
// there. What does a session do with a line that it has read?
TEST(MyTest, WhatWasReadNeedsNothingOfTheText) {
  Arena arena;
  std::string line = R"(["a\nb","a string of one run",17])";
  const Parsed parsed = parse_json(line, arena);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(to_json(parsed.value), R"(["a\nb","a string of one run",17])");
}

}  // namespace
}  // namespace rp
