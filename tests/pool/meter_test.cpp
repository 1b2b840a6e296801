#include "pool/meter.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/executor_contract.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Executor> make_meter(Reactor& reactor, Executor& inner) {
  return std::make_unique<Meter>(reactor, inner);
}

INSTANTIATE_TEST_SUITE_P(AroundMeter, ExecutorContract,
                         testing::Values(AroundExecutor{"Meter", make_meter}),
                         [](const auto& around) { return around.param.name; });

// An executor in slow motion: the test says when a job begins, returns and is
// settled, and in which order.
class ByHand : public Executor {
 public:
  JobId submit(Job job) override {
    jobs.push_back(std::move(job));
    return jobs.size();
  }
  Cancelled cancel(JobId) override { return Cancelled::asked; }
  void abandon(JobId) override {}

  void settle(JobId id, Fate fate) { jobs[id - 1].settled({fate, nullptr}); }
  void run(JobId id) { jobs[id - 1].work(std::stop_token()); }

  std::vector<Job> jobs;
};

class MeterTest : public testing::Test {
 protected:
  JobId submit(std::string kind, Function<void()> work) {
    return meter->submit(
        {.work = [work = std::move(work)](std::stop_token) mutable { work(); },
         .settled = [this](Settled) { ++settled; },
         .kind = std::move(kind)});
  }
  JobId submit(std::string kind = {}) {
    return submit(std::move(kind), [this] { clock.advance(30ms); });
  }

  // waiting, running, retired
  using Counts = std::vector<std::size_t>;
  Counts counts() const {
    const Meter::Numbers now = meter->total();
    return {now.waiting, now.running, now.retired};
  }
  std::uint64_t settled_as(Fate fate) const {
    return meter->total().settled[static_cast<std::size_t>(fate)];
  }

  FakeClock clock;
  Reactor reactor{std::make_unique<EpollPoller>(), clock};
  ByHand pool;
  std::optional<Meter> meter{std::in_place, reactor, pool};
  int settled = 0;
};

TEST_F(MeterTest, MeasuresHowLongAJobWaitsAndRuns) {
  const JobId id = submit();
  clock.advance(20ms);
  pool.run(id);
  clock.advance(40ms);
  pool.settle(id, Fate::finished);
  const Meter::Numbers numbers = meter->total();
  EXPECT_EQ(numbers.wait.count(), 1u);
  EXPECT_EQ(numbers.wait.max(), 20ms);
  EXPECT_EQ(numbers.run.count(), 1u);
  EXPECT_EQ(numbers.run.max(), 30ms);
}

TEST_F(MeterTest, CountsAJobWhereItIs) {
  const JobId id = submit("", [this] {
    EXPECT_EQ(counts(), (Counts{1, 1, 0}));
  });
  submit();
  EXPECT_EQ(counts(), (Counts{2, 0, 0}));
  pool.run(id);
  EXPECT_EQ(counts(), (Counts{1, 1, 0})) << "it is not settled yet";
  pool.settle(id, Fate::finished);
  EXPECT_EQ(counts(), (Counts{1, 0, 0}));
  EXPECT_EQ(meter->total().submitted, 2u);
}

TEST_F(MeterTest, CountsTheEndsByFate) {
  const Fate fates[] = {Fate::refused, Fate::expired,  Fate::expired,
                        Fate::dropped, Fate::finished, Fate::failed};
  for (const Fate fate : fates) pool.settle(submit(), fate);
  EXPECT_EQ(settled_as(Fate::refused), 1u);
  EXPECT_EQ(settled_as(Fate::expired), 2u);
  EXPECT_EQ(settled_as(Fate::dropped), 1u);
  EXPECT_EQ(settled_as(Fate::finished), 1u);
  EXPECT_EQ(settled_as(Fate::failed), 1u);
  EXPECT_EQ(counts(), (Counts{0, 0, 0}));
  EXPECT_EQ(settled, 6);
}

TEST_F(MeterTest, AJobThatNeverBeganHasNoTimes) {
  const JobId id = submit();
  clock.advance(1s);
  pool.settle(id, Fate::dropped);
  EXPECT_EQ(meter->total().wait.count(), 0u);
  EXPECT_EQ(meter->total().run.count(), 0u);
}

TEST_F(MeterTest, AJobIsRetiredUntilItReturnsAfterItsEnd) {
  JobId id = 0;
  id = submit("", [&] {
    pool.settle(id, Fate::dropped);
    EXPECT_EQ(counts(), (Counts{0, 0, 1}));
    clock.advance(1min);
  });
  clock.advance(20ms);
  pool.run(id);
  EXPECT_EQ(counts(), (Counts{0, 0, 0}));
  EXPECT_EQ(meter->total().run.max(), 1min) << "late, and measured";
  EXPECT_EQ(settled_as(Fate::dropped), 1u);
}

// Told at its deadline, just when a worker took it.
TEST_F(MeterTest, AJobMayBeginAfterItsEnd) {
  const JobId id = submit("", [&] { EXPECT_EQ(counts(), (Counts{0, 0, 1})); });
  pool.settle(id, Fate::expired);
  pool.run(id);
  EXPECT_EQ(counts(), (Counts{0, 0, 0}));
}

TEST_F(MeterTest, AJobThatThrowsHasReturned) {
  const JobId id = submit("", [&] {
    clock.advance(30ms);
    throw std::runtime_error("broken");
  });
  EXPECT_THROW(pool.run(id), std::runtime_error);
  pool.settle(id, Fate::failed);
  EXPECT_EQ(meter->total().run.max(), 30ms);
  EXPECT_EQ(counts(), (Counts{0, 0, 0}));
}

TEST_F(MeterTest, TellsKindsApart) {
  pool.run(submit("primes"));
  submit("primes");
  submit("report");
  const auto kinds = meter->by_kind();
  EXPECT_EQ(kinds.size(), 2u);
  EXPECT_EQ(kinds.at("primes").submitted, 2u);
  EXPECT_EQ(kinds.at("primes").run.count(), 1u);
  EXPECT_EQ(kinds.at("report").waiting, 1u);
  EXPECT_EQ(kinds.at("report").run.count(), 0u);
}

TEST_F(MeterTest, AddsUpWhatItHasByKind) {
  for (const char* kind : {"primes", "report"}) {
    const JobId id = submit(kind);
    pool.run(id);
    pool.settle(id, Fate::finished);
    submit(kind);
  }
  const Meter::Numbers all = meter->total();
  EXPECT_EQ(all.submitted, 4u);
  EXPECT_EQ(all.waiting, 2u);
  EXPECT_EQ(all.settled[static_cast<std::size_t>(Fate::finished)], 2u);
  EXPECT_EQ(all.wait.count(), 2u);
  EXPECT_EQ(all.run.count(), 2u);
}

TEST_F(MeterTest, CountsKindsBeyondItsLimitTogether) {
  meter.emplace(reactor, pool, Meter::Options{.kinds = 2});
  for (const char* kind : {"", "a", "b", "c", "d", "a"}) submit(kind);
  const auto kinds = meter->by_kind();
  EXPECT_EQ(kinds.size(), 3u);
  EXPECT_EQ(kinds.at("").submitted, 3u) << "that of no name, c and d";
  EXPECT_EQ(kinds.at("a").submitted, 2u);
  EXPECT_EQ(kinds.at("b").submitted, 1u);
}

TEST_F(MeterTest, AJobThatReturnsAfterItsEndTouchesNothing) {
  const JobId running = submit("", [this] { meter.reset(); });
  submit();
  pool.run(running);
  pool.settle(running, Fate::finished);
  pool.run(2);
  pool.settle(2, Fate::finished);
  EXPECT_EQ(settled, 2);
}

}  // namespace
}  // namespace rp
