#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <latch>

#include "pool/reactor_pool.h"
#include "reactor/signals.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// A program whose only worker is stuck. It gets SIGTERM once the worker has
// been replaced; an alarm ends it if nothing else does.
[[noreturn]] void program_with_a_stuck_worker() {
  ::alarm(30);
  std::latch never{1};
  Reactor reactor;
  Signals::start(reactor, {SIGTERM}, [&](int) { reactor.stop(); });
  ReactorPool pool{reactor, {.workers = 1, .grace = 1ms}};
  reactor.run_every(1ms, [&] {
    const auto stats = pool.stats();
    if (stats.stuck == 1) ::kill(::getpid(), SIGTERM);
    // On a busy machine a job may expire before it starts.
    if (stats.waiting + stats.running + stats.stuck == 0) {
      pool.defer([&] { never.wait(); }, {.deadline = 1ms});
    }
  });
  reactor.run();
  const std::size_t stuck = pool.finish();
  std::fprintf(stderr, "left %zu worker stuck\n", stuck);
  std::fflush(stderr);
  std::quick_exit(0);
}

TEST(StuckWorkerDeathTest, AProgramThatHasOneStillEndsOnSigterm) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(program_with_a_stuck_worker(), testing::ExitedWithCode(0),
              "left 1 worker stuck");
}

}  // namespace
}  // namespace rp
