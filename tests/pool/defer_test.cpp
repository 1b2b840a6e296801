#include "pool/defer.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/fake_clock.h"
#include "tests/support/scripted_poller.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class Defer : public testing::Test {
 protected:
  void run_for(Duration time) {
    reactor.run_after(time, [this] { reactor.stop(); });
    reactor.run();
  }

  FakeClock clock;
  Reactor reactor{std::make_unique<ScriptedPoller>(clock), clock};
  SimExecutor executor{reactor, {.workers = 1, .capacity = 2}};
};

TEST_F(Defer, BringsTheResultBack) {
  std::string result;
  defer(
      executor, [] { return std::string("forty-two"); },
      [&](Outcome<std::string> outcome) { result = outcome.value(); });
  EXPECT_EQ(result, "");
  run_for(1s);
  EXPECT_EQ(result, "forty-two");
}

TEST_F(Defer, BringsBackWhatCanOnlyBeMoved) {
  std::unique_ptr<int> result;
  defer(
      executor,
      [given = std::make_unique<int>(7)]() mutable { return std::move(given); },
      [&](Outcome<std::unique_ptr<int>> outcome) {
        result = std::move(outcome).value();
      });
  run_for(1s);
  ASSERT_NE(result, nullptr);
  EXPECT_EQ(*result, 7);
}

TEST_F(Defer, BringsTheErrorBack) {
  std::string message;
  defer(
      executor, []() -> int { throw std::runtime_error("disk full"); },
      [&](const Outcome<int>& outcome) { message = outcome.message(); });
  run_for(1s);
  EXPECT_EQ(message, "disk full");
}

TEST_F(Defer, TellsWhenWorkWithoutAResultIsDone) {
  std::vector<Fate> fates;
  const auto note = [&](Outcome<void> end) { fates.push_back(end.fate()); };
  defer(
      executor, [] {}, note);
  defer(
      executor, [] { throw 1; }, note);
  run_for(1s);
  EXPECT_EQ(fates, (std::vector{Fate::finished, Fate::failed}));
}

TEST_F(Defer, GivesTheStopTokenToWorkThatTakesIt) {
  executor.script({.length = 1h, .heeds_token = true});
  std::optional<bool> asked;
  const JobId id = defer(
      executor, [](std::stop_token token) { return token.stop_requested(); },
      [&](Outcome<bool> outcome) { asked = outcome.value(); });
  reactor.run_after(1s, [&] { executor.cancel(id); });
  run_for(2s);
  EXPECT_EQ(asked, true);
}

TEST_F(Defer, NeedsNoCallback) {
  int ran = 0;
  defer(executor, [&] { return ++ran; });
  defer(executor, [&] {
    ++ran;
    throw std::runtime_error("nobody asks");
  });
  run_for(1s);
  EXPECT_EQ(ran, 2);
}

TEST_F(Defer, TellsOfARefusalThroughTheCallback) {
  std::vector<Fate> fates;
  for (int i = 0; i < 3; ++i) {
    defer(
        executor, [] { return 1; },
        [&](Outcome<int> outcome) { fates.push_back(outcome.fate()); });
  }
  EXPECT_TRUE(fates.empty());
  run_for(1s);
  EXPECT_EQ(fates,
            (std::vector{Fate::refused, Fate::finished, Fate::finished}));
}

TEST_F(Defer, DoesNotTouchTheResultOfAnAbandonedJob) {
  std::vector<Fate> fates;
  bool ran_late = false;
  executor.script({.length = 10s});
  const JobId id = defer(
      executor,
      [&] {
        ran_late = true;
        return std::string("late");
      },
      [&](Outcome<std::string> end) { fates.push_back(end.fate()); });
  reactor.run_after(1s, [&] { executor.abandon(id); });
  run_for(20s);
  EXPECT_TRUE(ran_late);
  EXPECT_EQ(fates, std::vector{Fate::dropped});
}

}  // namespace
}  // namespace rp
