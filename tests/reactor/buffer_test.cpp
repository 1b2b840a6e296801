#include "reactor/buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace rp {
namespace {

TEST(Buffer, BeginsEmptyAndHoldsNoMemory) {
  const Buffer buffer;
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.size(), 0u);
  EXPECT_EQ(buffer.front(), "");
  EXPECT_FALSE(buffer.has_memory());
}

TEST(Buffer, GivesBackWhatWasPutInInOrder) {
  Buffer buffer;
  buffer.append("hello, ");
  buffer.append("");
  buffer.append("world");
  EXPECT_EQ(buffer.front(), "hello, world");
  EXPECT_EQ(buffer.size(), 12u);
}

TEST(Buffer, DropsWhatIsConsumedFromTheFront) {
  Buffer buffer;
  buffer.append("abc");
  buffer.consume(1);
  EXPECT_EQ(buffer.front(), "bc");
  buffer.consume(0);
  EXPECT_EQ(buffer.size(), 2u);
  buffer.consume(2);
  EXPECT_TRUE(buffer.empty());
}

TEST(Buffer, IsEmptyWhenMoreIsConsumedThanItHolds) {
  Buffer buffer;
  buffer.append("abc");
  buffer.consume(4);
  EXPECT_TRUE(buffer.empty());
  buffer.append("d");
  EXPECT_EQ(buffer.front(), "d");
}

TEST(Buffer, GivesTheSameBytesHoweverTheyAreCut) {
  const std::string text = "The event loop is the boss.";
  for (std::size_t in = 1; in <= text.size(); ++in) {
    for (std::size_t out = 1; out <= text.size(); ++out) {
      Buffer buffer;
      std::string got;
      for (std::size_t at = 0; at < text.size(); at += in) {
        buffer.append(text.substr(at, in));
        got += buffer.front().substr(0, out);
        buffer.consume(out);
      }
      EXPECT_EQ(got + std::string(buffer.front()), text) << in << ", " << out;
    }
  }
}

TEST(Buffer, DoesNotGrowWithWhatHasPassedThroughIt) {
  Buffer buffer;
  const std::string piece(1000, 'x');
  buffer.append(piece);
  for (int i = 0; i < 1000; ++i) {
    buffer.append(piece);
    buffer.consume(piece.size());
  }
  EXPECT_EQ(buffer.size(), 1000u);
  EXPECT_LE(buffer.release().capacity(), 10'000u);
}

TEST(Buffer, UsesTheMemoryItIsLentAndGivesItBack) {
  Buffer buffer;
  std::string memory(100, 'x');
  const char* place = memory.data();
  buffer.lend(std::move(memory));
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(buffer.has_memory());
  buffer.append("bytes");
  EXPECT_EQ(buffer.front().data(), place);
  buffer.consume(5);
  EXPECT_EQ(buffer.release().data(), place);
  EXPECT_FALSE(buffer.has_memory());
}

TEST(Buffer, KeepsItsMemoryWhileItFillsAndEmpties) {
  Buffer buffer;
  buffer.append(std::string(100, 'x'));
  buffer.consume(100);
  EXPECT_TRUE(buffer.has_memory());
}

}  // namespace
}  // namespace rp
