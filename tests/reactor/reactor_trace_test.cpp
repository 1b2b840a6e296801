#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "reactor/reactor.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;
using Strings = std::vector<std::string>;

class TracedLoop : public OnBothPollers {
 protected:
  TickTrace trace_{[this](const TraceEvent& event) {
    const std::string phase(event.phase);
    steps_.push_back(std::to_string(event.tick) + " " + phase + " " +
                     std::string(event.what));
    lines_.push_back(to_string(event));
  }};
  Strings steps_;
  Strings lines_;
};

RP_ON_BOTH_POLLERS(TracedLoop);

TEST_P(TracedLoop, AsksWhetherToStopBeforeEachOfItsThreePhases) {
  reactor_.set_trace(&trace_);
  reactor_.run_after(5ms, [&] { reactor_.stop(); });
  reactor_.run();
  EXPECT_EQ(steps_,
            (Strings{"1 stop? check", "1 timers begin", "1 stop? check",
                     "1 handles begin", "1 handles wait", "1 stop? check",
                     "1 dead begin",  //
                     "2 stop? check", "2 timers begin", "2 timers timer",
                     "2 stop? check"}));
}

TEST_P(TracedLoop, TellsEachCallbackInItsPhase) {
  StreamPair pair;
  write_all(pair.theirs.get(), "x");
  auto probe = std::make_unique<Probe>(std::move(pair.ours));
  probe->readable = [&](Probe& me) {
    reactor_.at_phase_end([] {});
    reactor_.close(me.id());
  };
  reactor_.add(std::move(probe), {.read = true, .write = true});
  reactor_.run_after(0s, [] {});
  reactor_.on_shutdown([] {});
  reactor_.set_trace(&trace_);
  run_for(1ms);
  std::erase_if(steps_, [](const std::string& step) {
    return step.ends_with("check") || step.ends_with("begin") ||
           step.ends_with("wait");
  });
  EXPECT_EQ(steps_,
            (Strings{"1 timers timer", "1 handles read", "1 handles phase-end",
                     "1 dead closed", "3 timers timer", "3 - shutdown-hook"}));
}

TEST_P(TracedLoop, WritesLinesThatCanBeReadBack) {
  reactor_.set_trace(&trace_);
  reactor_.on_shutdown([] {});
  reactor_.at_phase_end([] {});
  run_for(3ms);
  for (const std::string& line : lines_) {
    EXPECT_EQ(to_string(parse_trace_event(line)), line);
  }
  EXPECT_FALSE(lines_.empty());
}

TEST_P(TracedLoop, TellsWhenEachCallbackBeganAndHowLongItTook) {
  reactor_.set_trace(&trace_);
  clock_.advance(5us);
  const TimerId id = reactor_.run_after(0s, [&] {
    clock_.advance(35us);
    reactor_.stop();
  });
  reactor_.run();
  const auto number = HandleId{id.slot, id.generation}.number();
  EXPECT_EQ(lines_.at(2),
            "5 1 timers loop timer " + std::to_string(number) + " 35");
}

TEST_P(TracedLoop, EndsTheTraceWhenToldSo) {
  reactor_.set_trace(&trace_);
  reactor_.set_trace(nullptr);
  run_for(1ms);
  EXPECT_EQ(lines_, Strings{});
}

class SlowCallbacks : public TracedLoop {
 protected:
  SlowCallbacks() {
    reactor_.on_slow_callback(10ms, [this](const TraceEvent& event) {
      slow_.push_back(std::string(event.what) + " " +
                      std::to_string(event.length.count()));
    });
  }
  Strings slow_;
};

RP_ON_BOTH_POLLERS(SlowCallbacks);

TEST_P(SlowCallbacks, AreThoseThatTakeLongerThanTheThreshold) {
  reactor_.run_after(0s, [&] { clock_.advance(10ms); });
  reactor_.run_after(0s, [&] { clock_.advance(10ms + 1us); });
  run_for(30ms);
  EXPECT_EQ(slow_, Strings{"timer 10001"});
}

TEST_P(SlowCallbacks, AreToldWithTheTimeSinceTheReactorsBeginning) {
  std::chrono::microseconds time{};
  reactor_.on_slow_callback(
      10ms, [&time](const TraceEvent& event) { time = event.time; });
  clock_.advance(7ms);
  reactor_.run_after(0s, [&] {
    clock_.advance(20ms);
    reactor_.set_trace(&trace_);
  });
  run_for(30ms);
  EXPECT_EQ(time, 7ms);
}

TEST_P(SlowCallbacks, AreNotTheWait) {
  run_for(1h);
  EXPECT_EQ(slow_, Strings{});
}

TEST_P(SlowCallbacks, AreReportedByAReportThatMayThrow) {
  reactor_.on_slow_callback(
      0s, [](const TraceEvent&) { throw std::runtime_error("report"); });
  reactor_.run_after(0s, [&] { clock_.advance(1ms); });
  EXPECT_THROW(run_for(5ms), std::runtime_error);
  reactor_.on_slow_callback(0s, {});
  run_for(1ms);
}

// Twenty sockets become readable in another order than they were registered
// in; the trace tells nothing but what the reactor did.
std::string trace_of_twenty(const std::string& poller) {
  FakeClock clock;
  Reactor reactor(make_poller(poller), clock);
  std::string lines;
  TickTrace trace(
      [&lines](const TraceEvent& event) { lines += to_string(event) + "\n"; });
  std::vector<UniqueFd> peers;
  std::vector<int> served;
  int left = 20;
  for (int i = 0; i < 20; ++i) {
    StreamPair pair = tcp_pair();
    peers.push_back(std::move(pair.theirs));
    served.push_back(pair.ours.get());
    auto probe = std::make_unique<Probe>(std::move(pair.ours));
    probe->readable = [&](Probe& me) {
      read_available(me.fd());
      if (--left == 0) reactor.stop();
    };
    reactor.add(std::move(probe), Interest::reading());
  }
  for (std::size_t i = 0; i < 20; ++i) {
    write_all(peers[(i * 7 + 3) % 20].get(), "x");
  }
  for (const int fd : served) wait_until_readable(fd);
  reactor.set_trace(&trace);
  reactor.run();
  return lines;
}

std::size_t count_of(const std::string& what, const std::string& text) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST(Pollers, GiveTheSameTraceOfTwentySocketsReadyInOneTick) {
  const std::string epoll = trace_of_twenty("Epoll");
  EXPECT_EQ(trace_of_twenty("Select"), epoll);
  EXPECT_EQ(count_of(" 1 handles loop wait 20 ", epoll), 1u);
  EXPECT_EQ(count_of(" 1 handles loop read ", epoll), 20u);
}

}  // namespace
}  // namespace rp
