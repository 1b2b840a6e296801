#include "pool/job_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/executor_contract.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

std::unique_ptr<Executor> make_watch(Reactor& reactor, Executor& inner) {
  return std::make_unique<JobWatch>(reactor, inner);
}

INSTANTIATE_TEST_SUITE_P(AroundJobWatch, ExecutorContract,
                         testing::Values(AroundExecutor{"JobWatch",
                                                        make_watch}),
                         [](const auto& around) { return around.param.name; });

// The test says when a job is run, on which thread, and when it is settled.
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

class JobWatchTest : public testing::Test {
 protected:
  // While it runs, `during` looks around.
  JobId submit(
      std::string kind, Function<void()> during = [] {}) {
    return watch->submit({.work = [during = std::move(during)](
                                      std::stop_token) mutable { during(); },
                          .settled = [](Settled) {},
                          .kind = std::move(kind)});
  }

  void run_on_another_thread(JobId id) {
    std::thread([this, id] { pool.run(id); }).join();
  }

  // "1 primes", "2 -", "1 stuck retired": lane, job, state.
  std::vector<std::string> lanes() const {
    std::vector<std::string> lanes;
    for (const auto& worker : watch->workers()) {
      lanes.push_back(std::to_string(worker.lane) + " " +
                      (worker.id == 0 ? "-" : worker.job) +
                      (worker.retired ? " retired" : ""));
    }
    return lanes;
  }
  using Lanes = std::vector<std::string>;

  void observe(const JobWatch::Ran& ran) {
    told.push_back(std::to_string(ran.lane) + " " + std::string(ran.job) + " " +
                   std::to_string(ran.id) + " " +
                   std::to_string(ran.length / 1ms) +
                   (ran.retired ? " retired" : ""));
  }

  FakeClock clock;
  Reactor reactor{std::make_unique<EpollPoller>(), clock};
  ByHand pool;
  Lanes told;
  std::optional<JobWatch> watch{
      std::in_place, reactor, pool,
      [this](const JobWatch::Ran& ran) { observe(ran); }};
};

TEST_F(JobWatchTest, ShowsWhatAThreadDoesAndThatItIsIdleAfterwards) {
  const JobId id = submit("primes", [this] {
    EXPECT_EQ(lanes(), Lanes{"1 primes"});
    EXPECT_EQ(watch->workers()[0].since, clock.now());
  });
  EXPECT_EQ(lanes(), Lanes());
  pool.run(id);
  EXPECT_EQ(lanes(), Lanes{"1 -"});
}

TEST_F(JobWatchTest, GivesEachThreadALaneOfItsOwn) {
  const JobId inner = submit("inner", [this] {
    EXPECT_EQ(lanes(), (Lanes{"1 outer", "2 inner"}));
  });
  const JobId outer =
      submit("outer", [this, inner] { run_on_another_thread(inner); });
  pool.run(outer);
  EXPECT_EQ(lanes(), (Lanes{"1 -", "2 -"}));
}

TEST_F(JobWatchTest, AThreadKeepsItsLane) {
  pool.run(submit("a"));
  pool.run(submit("b", [this] { EXPECT_EQ(lanes(), Lanes{"1 b"}); }));
}

TEST_F(JobWatchTest, AJobThatRunsOnWhenItWasSettledHasRetiredItsThread) {
  const JobId id = submit("stuck", [this] {
    pool.settle(1, Fate::dropped);
    EXPECT_EQ(lanes(), Lanes{"1 stuck retired"});
    run_on_another_thread(submit("fresh"));
    EXPECT_EQ(lanes(), (Lanes{"1 stuck retired", "2 -"}));
  });
  pool.run(id);
  EXPECT_EQ(lanes(), Lanes{"2 -"});
}

TEST_F(JobWatchTest, ALaneIsFreeWhenItsRetiredThreadHasReturned) {
  pool.run(submit("stuck", [this] { pool.settle(1, Fate::dropped); }));
  pool.run(submit("next", [this] { EXPECT_EQ(lanes(), Lanes{"1 next"}); }));
}

TEST_F(JobWatchTest, ARetiredThreadHasNoRightToItsLaneAnyMore) {
  pool.run(submit("stuck", [this] { pool.settle(1, Fate::dropped); }));
  run_on_another_thread(submit("heir"));
  pool.run(submit("next", [this] {
    EXPECT_EQ(lanes(), (Lanes{"1 -", "2 next"}));
  }));
}

TEST_F(JobWatchTest, TellsOfEachJobHowLongItRan) {
  pool.run(submit("primes", [this] { clock.advance(20ms); }));
  pool.settle(1, Fate::finished);
  EXPECT_EQ(told, Lanes{"1 primes 1 20"});
}

TEST_F(JobWatchTest, TellsOfAnAbandonedJobOnceWhenItIsGivenUp) {
  pool.run(submit("stuck", [this] {
    clock.advance(1s);
    pool.settle(1, Fate::dropped);
    clock.advance(1s);
  }));
  EXPECT_EQ(told, Lanes{"1 stuck 1 1000 retired"});
}

TEST_F(JobWatchTest, OfAJobThatNeverBeganThereIsNothingToTell) {
  submit("waiting");
  pool.settle(1, Fate::dropped);
  EXPECT_EQ(told, Lanes());
  EXPECT_EQ(lanes(), Lanes());
}

TEST_F(JobWatchTest, AJobThatThrewHasLeftItsThread) {
  const JobId id = submit("bad", [] { throw std::runtime_error("x"); });
  EXPECT_THROW(pool.run(id), std::runtime_error);
  EXPECT_EQ(lanes(), Lanes{"1 -"});
  EXPECT_EQ(told, Lanes{"1 bad 1 0"});
}

TEST_F(JobWatchTest, AStuckThreadMayReturnWhenTheWatchHasGone) {
  pool.run(submit("stuck", [this] { watch.reset(); }));
  pool.settle(1, Fate::dropped);
  EXPECT_EQ(told, Lanes());
}

}  // namespace
}  // namespace rp
