#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "pool/executor.h"
#include "reactor/epoll_poller.h"
#include "reactor/reactor.h"
#include "tests/support/fake_clock.h"
#include "tests/support/pollers.h"
#include "tests/support/sim_executor.h"

namespace rp {

/// One suite for all executors that stand around another: what each of them
/// promises, whatever it adds.
///
///     INSTANTIATE_TEST_SUITE_P(
///         AroundStrand, ExecutorContract,
///         testing::Values(AroundExecutor{"Strand", make_strand}));
///
/// The inner executor has one worker and a queue of three, and time is the
/// test's own. All jobs have the same kind and key, so that they come one
/// after another wherever they wait.
struct AroundExecutor {
  std::string name;
  std::unique_ptr<Executor> (*make)(Reactor&, Executor&);

  friend void PrintTo(const AroundExecutor& around, std::ostream* out) {
    *out << around.name;
  }
};

/// How a job ended, and when.
struct Told {
  int job;
  Fate fate;
  Duration at;
  bool operator==(const Told&) const = default;

  friend void PrintTo(const Told& told, std::ostream* out) {
    *out << "job " << told.job << ' ' << to_string(told.fate) << " at "
         << told.at / std::chrono::milliseconds(1) << " ms";
  }
};

class ExecutorContract : public testing::TestWithParam<AroundExecutor> {
 protected:
  /// Jobs are numbered from 1; their ends are written into `told`.
  JobId submit(SimExecutor::Script script = {}) {
    inner.script(script);
    return submit_with([](Settled) {});
  }

  /// The same; `also` is called at its end.
  JobId submit_with(Function<void(Settled)> also) {
    const int number = ++jobs;
    const auto note = [this, number](Settled end) {
      told.push_back({number, end.fate, clock.now() - begin});
    };
    return executor->submit(
        {.work = [this](std::stop_token) { ++ran; },
         .settled =
             [note, also = std::move(also)](Settled end) mutable {
               note(end);
               also(end);
             },
         .kind = "slow",
         .key = 7});
  }

  void run_for(Duration time) {
    reactor->run_after(time, [this] { reactor->stop(); });
    reactor->run();
  }

  FakeClock clock;
  const TimePoint begin = clock.now();
  std::unique_ptr<Reactor> reactor = std::make_unique<Reactor>(
      std::make_unique<FakeTimePoller>(std::make_unique<EpollPoller>(), clock),
      clock);
  std::optional<SimExecutor> pool{
      std::in_place, *reactor,
      SimExecutor::Options{.workers = 1, .capacity = 3}};
  SimExecutor& inner = *pool;
  std::unique_ptr<Executor> executor = GetParam().make(*reactor, inner);
  std::vector<Told> told;
  int jobs = 0;
  int ran = 0;
};

}  // namespace rp
