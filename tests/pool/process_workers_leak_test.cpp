#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <random>
#include <string>

#include "pool/process_workers.h"
#include "tests/support/process_workers_fixture.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

class ManyKills : public ProcessWorkersFixture {};
INSTANTIATE_TEST_SUITE_P(Pollers, ManyKills, ::testing::Values("Epoll"),
                         [](const auto& test) { return test.param; });

TEST_P(ManyKills, LeaveNoZombieAndNoDescriptorAfterAThousand) {
  start({.command = {"sleep", "1000"}, .workers = 4});
  const std::size_t before = open_descriptors();
  for (std::uint64_t killed = 0; killed < 1000; killed += 4) {
    for (const char* line : {"a", "b", "c", "d"}) submit(line, 1ms);
    ASSERT_TRUE(until([this] { return stats().running == 4; }));
    clock_.advance(1ms);
    ASSERT_TRUE(until([&] { return stats().killed == killed + 4; }));
  }
  EXPECT_EQ(open_, 0);
  EXPECT_EQ(stats().started, 1004u);
  EXPECT_EQ(open_descriptors(), before);
  workers_.reset();
  EXPECT_FALSE(has_children());
}

// Jobs of every fate, in an order by chance, each told once.
TEST_P(ManyKills, SettleEachJobOnce) {
  start({.command = bracketing(), .workers = 3, .capacity = 20});
  std::minstd_rand dice(7);
  int told = 0;
  constexpr int kJobs = 400;
  const char* lines[] = {"a", "b", "c", "d", "hang", "crash", "exit"};
  for (int i = 0; i < kJobs; ++i) {
    const JobId job = workers_->submit(
        lines[dice() % std::size(lines)], [&told](auto) { ++told; },
        1ms * (dice() % 40));
    if (dice() % 8 == 0) workers_->cancel(job);
    if (dice() % 4 == 0) after(1ms * (dice() % 8));
  }
  after(1h);
  ASSERT_TRUE(until([&] { return told == kJobs; }));
  int settled = 0;
  for (const std::uint64_t count : stats().settled) {
    EXPECT_GT(count, 0u);
    settled += static_cast<int>(count);
  }
  EXPECT_EQ(settled, kJobs);
}

}  // namespace
}  // namespace rp
