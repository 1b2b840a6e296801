#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string>

#include "pool/reactor_pool.h"
#include "reactor/signals.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// A program whose workers are all stuck. It gets SIGTERM once they have been
// replaced; an alarm ends it if nothing else does.
[[noreturn]] void program_with_stuck_workers(std::size_t workers) {
  ::alarm(30);
  std::latch never{1};
  Reactor reactor;
  Signals::start(reactor, {SIGTERM}, [&](int) { reactor.stop(); });
  ReactorPool pool{reactor, {.workers = workers, .grace = 1ms}};
  reactor.run_every(1ms, [&] {
    const auto stats = pool.stats();
    if (stats.stuck == workers) ::kill(::getpid(), SIGTERM);
    // On a busy machine a job may expire before it starts.
    if (stats.waiting + stats.running + stats.stuck < workers) {
      pool.defer([&] { never.wait(); }, {.deadline = 1ms});
    }
  });
  reactor.run();
  const std::size_t stuck = pool.finish();
  std::fprintf(stderr, "left stuck: %zu\n", stuck);
  std::fflush(stderr);
  std::quick_exit(0);
}

void expect_that_it_ends(std::size_t workers) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(program_with_stuck_workers(workers), testing::ExitedWithCode(0),
              "left stuck: " + std::to_string(workers) + "\n");
}

TEST(StuckWorkerDeathTest, AProgramThatHasOneStillEndsOnSigterm) {
  expect_that_it_ends(1);
}

class StuckWorkersDeathTest : public testing::TestWithParam<std::size_t> {};

TEST_P(StuckWorkersDeathTest, AProgramThatHasNoOthersStillEndsOnSigterm) {
  expect_that_it_ends(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Workers, StuckWorkersDeathTest,
                         testing::Values(2, 8, 64), [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

}  // namespace
}  // namespace rp
