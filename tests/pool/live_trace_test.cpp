#include "pool/live_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/directory.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

class LiveTraceTest : public testing::Test {
 protected:
  void run_for(Duration time, Task block = {}) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run(std::move(block));
  }

  static Lines all(const LiveTrace& trace) {
    Lines lines;
    trace.read(0, 1000, [&lines](const TraceRing::Events& news) {
      for (const auto* event : news.events) {
        lines.push_back(std::to_string(event->time_us) + " " + event->phase +
                        " " + event->lane + " " + event->what);
      }
    });
    return lines;
  }

  FakeClock clock;
  Reactor reactor{std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock),
                  clock};
};

TEST_F(LiveTraceTest, RecordsNothingWhileNobodyLooks) {
  LiveTrace trace(reactor);
  run_for(10ms);
  trace.record_job("job", "thread-1", "primes", 1, clock.now(), 1ms);
  EXPECT_EQ(all(trace), Lines());
}

TEST_F(LiveTraceTest, RecordsWhatTheLoopDoesOnceSomebodyHasLooked) {
  LiveTrace trace(reactor);
  run_for(10ms, [&trace] { trace.look(); });
  const Lines lines = all(trace);
  EXPECT_NE(std::find(lines.begin(), lines.end(), "10000 timers loop timer"),
            lines.end());
}

TEST_F(LiveTraceTest, CountsTimeFromTheReactorsBeginningWheneverItIsLookedAt) {
  clock.advance(1s);
  LiveTrace trace(reactor);
  clock.advance(2s);
  run_for(10ms, [&trace] { trace.look(); });
  EXPECT_EQ(all(trace).front().substr(0, 7), "3000000");
}

TEST_F(LiveTraceTest, IsOffAgainWhenNobodyHasLookedForAWhile) {
  LiveTrace trace(reactor);
  reactor.run_after(4s, [&trace] { trace.look(); });
  reactor.run_after(8999ms, [&trace] { EXPECT_TRUE(trace.is_on()); });
  reactor.run_after(9001ms, [&trace] { EXPECT_FALSE(trace.is_on()); });
  run_for(10s, [&trace] { trace.look(); });
  EXPECT_FALSE(trace.is_on());
}

TEST_F(LiveTraceTest, CanBeLookedAtInTheNextRun) {
  LiveTrace trace(reactor);
  run_for(10ms, [&trace] { trace.look(); });
  run_for(10s, [&trace] { trace.look(); });
  EXPECT_FALSE(trace.is_on());
}

TEST_F(LiveTraceTest, HasTheJobsOfWorkersBetweenTheLoopsOwnEvents) {
  LiveTrace trace(reactor);
  trace.look();
  const TimePoint began = clock.now();
  clock.advance(20ms);
  std::thread([&] {
    trace.record_job("job", "thread-1", "a b", 7, began, 20ms);
  }).join();
  EXPECT_EQ(all(trace), Lines{"0 job thread-1 a_b"});
}

TEST_F(LiveTraceTest, WritesAllIntoAFileWhoeverLooks) {
  Directory directory;
  {
    LineLog file(LineLog::open(directory / "trace"), {});
    LiveTrace trace(reactor, {}, &file);
    run_for(10s);
    trace.record_job("job", "process-1", "spin", 3, clock.now() - 1s, 1s);
  }
  std::ifstream file(directory / "trace");
  std::set<std::string> lanes;
  std::string last;
  for (std::string line; std::getline(file, line); last = line) {
    lanes.emplace(parse_trace_event(line).lane);
  }
  EXPECT_EQ(lanes, (std::set<std::string>{"loop", "process-1"}));
  EXPECT_EQ(last, "9000000 2 job process-1 spin 3 1000000");
}

TEST_F(LiveTraceTest, NamesACallInTheFileAfterIt) {
  Directory directory;
  {
    LineLog file(LineLog::open(directory / "trace"), {});
    LiveTrace trace(reactor, {}, &file);
    run_for(1ms);
    trace.name_call({.tick = 3, .phase = "handles", .what = "call", .id = 2},
                    "sleep on");
  }
  std::ifstream file(directory / "trace");
  std::string last;
  for (std::string line; std::getline(file, line);) last = line;
  EXPECT_EQ(last, "# call 2 of tick 3 is sleep_on");
}

TEST_F(LiveTraceTest, NamesNothingWithoutAFile) {
  LiveTrace trace(reactor);
  trace.look();
  trace.name_call({.tick = 3, .phase = "handles", .what = "call", .id = 2},
                  "sleep");
  EXPECT_EQ(all(trace), Lines());
}

TEST_F(LiveTraceTest, LeavesTheReactorWithoutATraceWhenItEnds) {
  std::optional<LiveTrace> trace(std::in_place, reactor);
  trace->look();
  trace.reset();
  run_for(10ms);
}

}  // namespace
}  // namespace rp
