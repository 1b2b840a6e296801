#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "pool/reactor_pool.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_until.h"
#include "tests/support/scripted_poller.h"
#include "tests/support/sim_executor.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr int kJobs = 2000;

// A mixed load on real threads: all fates happen, each job has one.
class Accounting : public testing::TestWithParam<std::size_t> {
 protected:
  ~Accounting() override { release->count_down(); }

  void submit_one(int kind) {
    ++submitted;
    const auto settled = [this](const Outcome<void>& end) {
      ++told[static_cast<std::size_t>(end.fate())];
    };
    if (kind == 0) {
      pool.defer([] { throw std::runtime_error("broken"); }, settled);
    } else if (kind == 1) {
      pool.defer([] {}, settled, {.deadline = 0s});
    } else if (kind == 2) {
      pool.cancel(pool.defer([] {}, settled));
    } else {
      pool.defer([] {}, settled);
    }
  }

  void submit_some() {
    for (int i = 0; i < 100 && submitted < kJobs; ++i) {
      submit_one(submitted % 7);
    }
  }

  std::uint64_t sum() const {
    return std::accumulate(told.begin(), told.end(), std::uint64_t{0});
  }

  std::shared_ptr<std::latch> release = std::make_shared<std::latch>(1);
  Reactor reactor;
  std::array<std::uint64_t, 5> told{};
  int submitted = 0;
  ReactorPool pool{reactor,
                   {.workers = GetParam(), .capacity = 64, .grace = 1ms}};
};

TEST_P(Accounting, EveryJobOfAMixedLoadHasOneFate) {
  for (int i = 0; i < 3; ++i) {
    ++submitted;
    pool.defer([release = release] { release->wait(); },
               [this](const Outcome<void>& end) {
                 ++told[static_cast<std::size_t>(end.fate())];
               },
               {.deadline = 5ms});
  }
  ASSERT_TRUE(run_until(reactor, [&] {
    submit_some();
    return sum() == kJobs;
  }));
  const ThreadPool::Stats stats = pool.stats();
  EXPECT_EQ(stats.submitted, kJobs);
  for (std::size_t fate = 0; fate < told.size(); ++fate) {
    EXPECT_EQ(stats.settled[fate], told[fate]);
    EXPECT_GT(told[fate], 0u) << to_string(static_cast<Fate>(fate));
  }
}

// Cancelled or abandoned just when a worker takes it.
TEST_P(Accounting, EveryJobThatIsTakenBackIsSettledOnce) {
  std::mt19937 random;
  std::vector<int> settled;
  std::vector<JobId> ids;
  std::uint64_t open = 0;
  ASSERT_TRUE(run_until(reactor, [&] {
    for (int i = 0; i < 5 && settled.size() < kJobs; ++i, ++open) {
      const std::size_t number = settled.size();
      settled.push_back(0);
      ids.push_back(pool.defer([] {},
                               [&, number](const Outcome<void>&) {
                                 ++settled[number];
                                 --open;
                               }));
    }
    const JobId recent =
        ids[ids.size() - 1 - random() % std::min<std::size_t>(ids.size(), 10)];
    if (random() % 2 == 0) pool.cancel(recent);
    if (random() % 2 == 0) pool.executor().abandon(recent);
    return settled.size() == kJobs && open == 0;
  }));
  EXPECT_EQ(settled, std::vector<int>(kJobs, 1));
}

INSTANTIATE_TEST_SUITE_P(Workers, Accounting, testing::Values(1, 2, 8, 64),
                         [](const auto& test) {
                           return std::to_string(test.param) + "Workers";
                         });

// A random schedule on the simulated clock.
class Schedule {
 public:
  explicit Schedule(unsigned seed) : random_(seed) {}

  void run() {
    for (int i = 0; i < 40; ++i) {
      reactor_.run_after(1ms * below(200), [this] { act(); });
    }
    reactor_.run_after(10s, [this] { reactor_.stop(); });
    reactor_.run();
  }

  // How many times each job was settled.
  const std::vector<int>& settled() const { return settled_; }
  const Deadlines::Stats& stats() const { return deadlines_.stats(); }

 private:
  int below(int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random_);
  }

  void act() {
    const int what = below(10);
    if (what == 0 && !ids_.empty()) {
      deadlines_.cancel(ids_[random_() % ids_.size()]);
    } else if (what == 1 && !ids_.empty()) {
      deadlines_.abandon(ids_[random_() % ids_.size()]);
    } else {
      submit();
    }
  }

  void submit() {
    const auto end = static_cast<SimExecutor::End>(below(3));
    pool_.script(
        {.length = 1ms * below(60), .end = end, .heeds_token = below(2) == 0});
    const std::size_t number = settled_.size();
    settled_.push_back(0);
    ids_.push_back(deadlines_.submit({.work = [](std::stop_token) {},
                                      .settled =
                                          [this, number](Settled) {
                                            ++settled_[number];
                                            if (below(5) == 0) act();
                                          },
                                      .deadline = 1ms * below(50)}));
  }

  std::mt19937 random_;
  FakeClock clock_;
  Reactor reactor_{std::make_unique<ScriptedPoller>(clock_), clock_};
  SimExecutor pool_{reactor_, {.workers = 2, .capacity = 3}};
  Deadlines deadlines_{reactor_, pool_, {.grace = 10ms}};
  std::vector<int> settled_;
  std::vector<JobId> ids_;
};

TEST(Schedules, EachJobOfAThousandIsSettledExactlyOnce) {
  const unsigned first = std::random_device{}();
  for (unsigned seed = first; seed != first + 1000; ++seed) {
    Schedule schedule(seed);
    schedule.run();
    ASSERT_EQ(schedule.settled(),
              std::vector<int>(schedule.settled().size(), 1))
        << "seed " << seed;
    const auto& fates = schedule.stats().settled;
    ASSERT_EQ(
        schedule.stats().submitted,
        std::accumulate(std::begin(fates), std::end(fates), std::uint64_t{0}))
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace rp
