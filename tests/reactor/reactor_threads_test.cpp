#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>

#include "reactor/reactor.h"
#include "tests/support/handlers.h"
#include "tests/support/pollers.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Calls `verb` from a thread that does not own the reactor.
void call_from_elsewhere(void (*verb)(Reactor&)) {
  Reactor reactor;
  std::thread([&] { verb(reactor); }).join();
}

struct Verb {
  const char* name;
  void (*call)(Reactor&);
};

class ThreadRuleDeathTest : public ::testing::TestWithParam<Verb> {
 protected:
  ThreadRuleDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_P(ThreadRuleDeathTest, StopsAProgramThatCallsFromAnotherThread) {
  EXPECT_DEATH(call_from_elsewhere(GetParam().call),
               std::string("rp::Reactor: ") + GetParam().name +
                   "\\(\\) from a thread that does not own the reactor");
}

INSTANTIATE_TEST_SUITE_P(
    Verbs, ThreadRuleDeathTest,
    ::testing::Values(
        Verb{"stop", [](Reactor& loop) { loop.stop(); }},
        Verb{"drain", [](Reactor& loop) { loop.drain(1s); }},
        Verb{"run_at", [](Reactor& loop) { loop.run_after(1s, [] {}); }},
        Verb{"run_every", [](Reactor& loop) { loop.run_every(1s, [] {}); }},
        Verb{"cancel", [](Reactor& loop) { loop.cancel({}); }},
        Verb{"add",
             [](Reactor& loop) {
               loop.add(std::make_unique<Probe>(UniqueFd()), {});
             }},
        Verb{"set_interest", [](Reactor& loop) { loop.set_interest({}, {}); }},
        Verb{"close", [](Reactor& loop) { loop.close({}); }},
        Verb{"find", [](Reactor& loop) { loop.find({}); }},
        Verb{"at_phase_end", [](Reactor& loop) { loop.at_phase_end([] {}); }},
        Verb{"on_shutdown", [](Reactor& loop) { loop.on_shutdown([] {}); }},
        Verb{"on_error", [](Reactor& loop) { loop.on_error({}); }},
        Verb{"set_trace", [](Reactor& loop) { loop.set_trace(nullptr); }},
        Verb{"on_slow_callback",
             [](Reactor& loop) { loop.on_slow_callback(1s, {}); }}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(OwningThread, GivesTheReactorToTheThreadThatRunsIt) {
  FakeClock clock;
  Reactor reactor(std::make_unique<FakeTimePoller>(make_poller("Epoll"), clock),
                  clock);
  bool fired = false;
  std::thread([&] {
    reactor.run([&] {
      reactor.run_after(1ms, [&] {
        fired = true;
        reactor.stop();
      });
    });
  }).join();
  EXPECT_TRUE(fired);
}

TEST(OwningThreadDeathTest, LeavesTheReactorToTheThreadThatRanIt) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Reactor reactor;
        reactor.stop();
        std::thread([&] { reactor.run(); }).join();
        reactor.stop();
      },
      "stop\\(\\) from a thread that does not own the reactor");
}

TEST(OwningThreadDeathTest, StopsAProgramThatRunsAReactorWithinItself) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        Reactor reactor;
        reactor.run([&] { reactor.run(); });
      },
      "run\\(\\) of a reactor that is running");
}

}  // namespace
}  // namespace rp
