#include "rpc/wire/framing.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/framed.h"

namespace rp {
namespace {

using Lines = Messages;

constexpr std::size_t kMaxLine = 8;

Lines lines_of(const Lines& pieces) {
  LineFramer framer(kMaxLine);
  return messages_of(framer, pieces);
}

struct Vector {
  std::string stream;
  Lines lines;
};

constexpr const char* kTooLong = "<a line is longer than 8 bytes>";

const std::vector<Vector> kVectors = {
    {"", {}},
    {"\n", {}},
    {"\r\n\n\r\n", {}},
    {"one\n", {"one"}},
    {"one\ntwo\n", {"one", "two"}},
    {"one\r\ntwo\r\n", {"one", "two"}},
    {"one\n\n\ntwo\n", {"one", "two"}},
    {"one\ntw", {"one"}},
    {" \n", {" "}},
    {"a\rb\n", {"a\rb"}},
    {"a\r\r\n", {"a\r"}},
    {"one", {}},
    {"12345678\n", {"12345678"}},
    {"1234567\r\n", {"1234567"}},
    {"12345678", {}},
    {"123456789\n", {kTooLong}},
    {"123456789", {kTooLong}},
    {"12345678\r\n", {kTooLong}},
    {"ok\n123456789abc\nnever\n", {"ok", kTooLong}},
    {"12345678\n12345678\n123456789", {"12345678", "12345678", kTooLong}},
};

TEST(LineFramer, CutsAStreamIntoLines) {
  for (const auto& [stream, lines] : kVectors) {
    EXPECT_EQ(lines_of({stream}), lines) << stream;
  }
}

TEST(LineFramer, YieldsTheSameLinesByteByByte) {
  for (const auto& [stream, lines] : kVectors) {
    EXPECT_EQ(lines_of(bytes_of(stream)), lines) << stream;
  }
}

TEST(LineFramer, YieldsTheSameLinesCutAtEveryTwoPlaces) {
  for (const auto& [stream, lines] : kVectors) {
    for (const Messages& pieces : cuts_of(stream)) {
      ASSERT_EQ(lines_of(pieces), lines) << ::testing::PrintToString(pieces);
    }
  }
}

TEST(LineFramer, YieldsTheSameLinesAroundAPause) {
  for (const auto& [stream, lines] : kVectors) {
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      for (int asked = 0; asked <= 3; ++asked) {
        LineFramer framer(kMaxLine);
        ASSERT_EQ(messages_with_a_pause(framer, stream, cut, asked), lines)
            << stream << " " << cut << " " << asked;
      }
    }
  }
}

TEST(LineFramer, GoesOnWithWhatItKeptWithoutNewBytes) {
  LineFramer framer(kMaxLine);
  std::string lent = "one\ntwo\nthree\nfo";
  framer.feed(lent);
  EXPECT_EQ(framer.next().message, "one");
  framer.keep();
  lent.assign(lent.size(), 'x');
  framer.keep();
  Lines lines;
  drain(framer, lines);
  EXPECT_EQ(lines, (Lines{"two", "three"}));
  EXPECT_EQ(framer.held(), 2u);
}

TEST(LineFramer, GoesOnAfterABegunLineThatEndsInWhatItKept) {
  LineFramer framer(100);
  framer.feed("on");
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  framer.feed("e\na second line, longer than a few bytes\nthree\n");
  framer.keep();
  Lines lines;
  drain(framer, lines);
  EXPECT_EQ(lines,
            (Lines{"one", "a second line, longer than a few bytes", "three"}));
}

TEST(LineFramer, TakesMoreBytesBehindWhatItKept) {
  LineFramer framer(kMaxLine);
  framer.feed("one\ntwo\nthr");
  framer.keep();
  EXPECT_EQ(framer.next().message, "one");
  framer.feed("ee\nfour\n");
  framer.keep();
  Lines lines;
  drain(framer, lines);
  EXPECT_EQ(lines, (Lines{"two", "three", "four"}));
}

TEST(LineFramer, RefusesAsSoonAsOneByteTooManyHasCome) {
  LineFramer framer(kMaxLine);
  framer.feed("1234");
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  framer.feed("5678");
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  framer.feed("9");
  EXPECT_EQ(framer.next().kind, Frame::kTooLong);
}

TEST(LineFramer, SaysTooLongForEver) {
  LineFramer framer(2);
  framer.feed("long\nok\n");
  EXPECT_EQ(framer.next().kind, Frame::kTooLong);
  framer.feed("ok\n");
  EXPECT_EQ(framer.next().kind, Frame::kTooLong);
  EXPECT_EQ(framer.held(), 0u);
  EXPECT_FALSE(framer.partial());
}

TEST(LineFramer, NeverHoldsMoreOfALineThanItsMaximum) {
  LineFramer framer(1000);
  const std::string piece(7, 'x');
  while (framer.next().kind != Frame::kTooLong) {
    EXPECT_LE(framer.held(), 1000u);
    framer.feed(piece);
  }
  EXPECT_EQ(framer.held(), 0u);
}

TEST(LineFramer, SaysWhetherALineHasBegun) {
  LineFramer framer(kMaxLine);
  const auto after = [&](std::string_view bytes) {
    framer.feed(bytes);
    Lines lines;
    drain(framer, lines);
    return framer.partial();
  };
  EXPECT_FALSE(after(""));
  EXPECT_TRUE(after("o"));
  EXPECT_TRUE(after("n"));
  EXPECT_FALSE(after("e\n"));
  EXPECT_FALSE(after("two\n"));
  EXPECT_TRUE(after("three\nf"));
}

TEST(LineFramer, IsNotInALineWhileItsWholeLineIsRead) {
  LineFramer framer(kMaxLine);
  framer.feed("on");
  framer.next();
  framer.feed("e\n");
  EXPECT_EQ(framer.next().message, "one");
  EXPECT_FALSE(framer.partial());
}

TEST(LineFramer, AllocatesNothingForLinesThatLieWhole) {
  const std::string stream =
      std::string(100, 'a') + "\n" + std::string(100, 'b') + "\r\n\n";
  Allocations allocations;
  LineFramer framer(1000);
  for (int i = 0; i < 10; ++i) {
    framer.feed(stream);
    EXPECT_EQ(framer.next().message.size(), 100u);
    EXPECT_EQ(framer.next().message.size(), 100u);
    EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  }
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(LineFramer, LendsALineThatLiesWholeAsItStands) {
  const std::string stream = "a line of some length\n";
  LineFramer framer(1000);
  framer.feed(stream);
  EXPECT_EQ(framer.next().message.data(), stream.data());
}

TEST(LineFramer, HoldsNoMemoryWhenItIsIdle) {
  const std::string half(500, 'x');
  Allocations allocations;
  LineFramer framer(1000);
  framer.feed(half);
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(allocations.held(), 1);
  framer.feed("end\n");
  EXPECT_EQ(framer.next().message.size(), 503u);
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(allocations.held(), 0);
}

TEST(LineFramer, HoldsNoMemoryAfterWhatItKeptIsRead) {
  const std::string stream = std::string(100, 'a') + "\n";
  Allocations allocations;
  LineFramer framer(1000);
  framer.feed(stream);
  framer.keep();
  EXPECT_EQ(framer.held(), 101u);
  EXPECT_EQ(allocations.held(), 1);
  EXPECT_EQ(framer.next().message.size(), 100u);
  EXPECT_EQ(framer.next().kind, Frame::kNothingYet);
  EXPECT_EQ(allocations.held(), 0);
}

TEST(LineFramer, HoldsNoMemoryAfterItHasRefused) {
  const std::string half(500, 'x');
  Allocations allocations;
  LineFramer framer(900);
  framer.feed(half);
  framer.next();
  framer.feed(half);
  EXPECT_EQ(framer.next().kind, Frame::kTooLong);
  EXPECT_EQ(allocations.held(), 0);
}

}  // namespace
}  // namespace rp
