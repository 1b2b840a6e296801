#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>

#include "pool/deadlines.h"
#include "tests/support/fake_clock.h"
#include "tests/support/scripted_poller.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

TEST(MyTest, AJobThatHasNoTimeLeftIsNotStarted) {
  FakeClock clock;
  Reactor reactor(std::make_unique<ScriptedPoller>(clock), clock);
  SimExecutor pool(reactor, {.workers = 1});
  Deadlines deadlines(reactor, pool);
  bool started = false;
  std::optional<Fate> told;
  reactor.run_after(1ms, [&] {
    deadlines.submit({.work = [&](std::stop_token) { started = true; },
                      .settled = [&](Settled end) { told = end.fate; },
                      .deadline = 0s});
  });
  reactor.run_after(1h, [&] { reactor.stop(); });
  reactor.run();
  EXPECT_EQ(told, Fate::expired);
  EXPECT_FALSE(started);
}

}  // namespace
}  // namespace rp
