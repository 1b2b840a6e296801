#include "reactor/tick_trace.h"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace rp {
namespace {

using std::chrono::microseconds;

TraceEvent read_event() {
  return {.time = microseconds{1204},
          .tick = 3,
          .phase = "handles",
          .what = "read",
          .id = 17,
          .length = microseconds{35}};
}

std::string refusal(std::string_view line) {
  try {
    parse_trace_event(line);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(TickTrace, WritesAnEventAsALine) {
  EXPECT_EQ(to_string(read_event()), "1204 3 handles loop read 17 35");
}

TEST(TickTrace, ReadsItsOwnLinesBack) {
  const std::string line =
      "9223372036854775807 18446744073709551615 "
      "timers worker-2 timer 18446744073709551615 0";
  const TraceEvent event = parse_trace_event(line);
  EXPECT_EQ(event.phase, "timers");
  EXPECT_EQ(event.lane, "worker-2");
  EXPECT_EQ(event.tick, 18446744073709551615U);
  EXPECT_EQ(to_string(event), line);
}

TEST(TickTrace, RefusesALineCutAnywhere) {
  const std::string line = "12 3 timers loop timer 17 9";
  for (std::size_t size = 0; size < line.size(); ++size) {
    EXPECT_NE(refusal(line.substr(0, size)), "accepted") << size;
  }
  EXPECT_EQ(refusal(line), "accepted");
}

TEST(TickTrace, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(refusal("x 3 a b c 17 9"), "trace: bad time \"x\"");
  EXPECT_EQ(refusal("1 -3 a b c 17 9"), "trace: bad tick \"-3\"");
  EXPECT_EQ(refusal("1 3  b c 17 9"), "trace: bad phase \"\"");
  EXPECT_EQ(refusal("1 3 a b c 17x 9"), "trace: bad id \"17x\"");
  EXPECT_EQ(refusal("1 3 a b c 17 1.5"), "trace: bad length \"1.5\"");
  EXPECT_EQ(refusal("1 3 a b c 17 9 8"), "trace: bad end \"8\"");
  EXPECT_EQ(refusal("1 3 a b c 17 9 "), "trace: bad end \" \"");
}

TEST(TickTrace, RefusesNumbersThatDoNotFit) {
  EXPECT_EQ(refusal("9223372036854775808 3 a b c 17 9"),
            "trace: bad time \"9223372036854775808\"");
  EXPECT_EQ(refusal("1 18446744073709551616 a b c 17 9"),
            "trace: bad tick \"18446744073709551616\"");
}

TEST(TickTrace, HandsEachEventToItsSink) {
  std::vector<std::uint64_t> ids;
  TickTrace trace([&ids](const TraceEvent& event) { ids.push_back(event.id); });
  trace.record({.phase = "timers", .what = "timer", .id = 4});
  trace.record({.phase = "timers", .what = "timer", .id = 2});
  EXPECT_EQ(ids, (std::vector<std::uint64_t>{4, 2}));
}

TEST(TickTrace, PrintsALineForEachEvent) {
  std::ostringstream out;
  TickTrace trace = TickTrace::to(out);
  trace.record(read_event());
  trace.record({.tick = 4, .phase = "stop?", .what = "check"});
  EXPECT_EQ(out.str(),
            "1204 3 handles loop read 17 35\n0 4 stop? loop check 0 0\n");
}

}  // namespace
}  // namespace rp
