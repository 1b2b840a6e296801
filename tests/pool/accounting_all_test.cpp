#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <latch>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pool/deadlines.h"
#include "pool/lanes.h"
#include "pool/meter.h"
#include "pool/process_workers.h"
#include "pool/strand.h"
#include "pool/thread_pool.h"
#include "tests/support/process_workers_fixture.h"
#include "tests/support/run_until.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kJobs = 100'000;
constexpr std::size_t kRounds = 20;

enum class Sort : std::uint8_t {
  fast,
  slow,
  throwing,
  late,       // its deadline is over before it starts
  cancelled,  // just after it was submitted, or a little later
  hanging,    // in a thread
  answering,  // in a process
  crashing,   // in a process
  spinning,   // in a process, past its deadline
};

// How many of 10,000 are of a sort (what is left is fast), and how they end
// if they are not refused.
struct Share {
  Sort sort;
  unsigned jobs;
  Fate end;
};
constexpr std::array<Share, 9> kShares = {
    {{Sort::fast, 0, Fate::finished},
     {Sort::slow, 200, Fate::finished},
     {Sort::throwing, 500, Fate::failed},
     {Sort::late, 200, Fate::expired},
     {Sort::cancelled, 500, Fate::dropped},
     {Sort::hanging, 15, Fate::expired},
     {Sort::answering, 400, Fate::finished},
     {Sort::crashing, 20, Fate::failed},
     {Sort::spinning, 5, Fate::expired}}};

// Threads with all that can stand around them, and processes beside them.
class AccountingAll : public testing::Test {
 protected:
  ~AccountingAll() override { release_all(); }

  void release_all() {
    for (const auto& latch : release) {
      if (latch && !latch->try_wait()) latch->count_down();
    }
  }

  // A round begins with more jobs at once than there is room for, and with
  // the late returns of those that hung in the one before.
  bool run_round() {
    const std::size_t begin = submitted;
    const std::size_t end = begin + kJobs / kRounds;
    return run_until(reactor, [&] {
      const std::size_t most = submitted == begin ? 500 : 150;
      while (submitted < end && open < most) submit(sort_of_next());
      if (random() % 4 == 0) meter.cancel(last_to_cancel);
      return submitted == end && open == 0;
    });
  }

  Sort sort_of_next() {
    auto point = static_cast<unsigned>(random() % 10'000);
    for (const Share& share : kShares) {
      if (point < share.jobs) return share.sort;
      point -= share.jobs;
    }
    return Sort::fast;
  }

  void submit(Sort sort) {
    const std::size_t job = submitted++;
    ++open;
    sorts[job] = sort;
    if (sort >= Sort::answering) {
      submit_to_process(job);
    } else {
      submit_to_thread(job);
    }
  }

  void submit_to_process(std::size_t job) {
    const bool crashes = sorts[job] == Sort::crashing;
    const bool spins = sorts[job] == Sort::spinning;
    processes.submit(
        crashes ? "crash"
        : spins ? "hang"
                : "a",
        [this, job](const Outcome<std::string>& end) { note(job, end.fate()); },
        spins ? Duration(20ms) : Duration::max());
  }

  void submit_to_thread(std::size_t job) {
    const Sort sort = sorts[job];
    const bool hangs = sort == Sort::hanging;
    if (hangs) release[job] = std::make_shared<std::latch>(1);
    const JobId id = meter.submit(
        {.work = work_of(sort, release[job]),
         .settled = [this, job](Settled end) { note(job, end.fate); },
         .deadline = sort == Sort::late ? Duration::zero()
                     : hangs            ? Duration(20ms)
                                        : Duration::max(),
         .kind = sort == Sort::slow || hangs ? "slow" : "fast",
         .key = random() % 8});
    if (sort == Sort::cancelled) {
      if (random() % 2 == 0) meter.cancel(id);
      last_to_cancel = id;
    }
  }

  static Function<void(std::stop_token)> work_of(
      Sort sort, std::shared_ptr<std::latch> latch) {
    if (sort == Sort::slow) {
      return [](std::stop_token) {
        const TimePoint end = SteadyClock().now() + 200us;
        while (SteadyClock().now() < end) std::this_thread::yield();
      };
    }
    if (sort == Sort::throwing) {
      return [](std::stop_token) { throw std::runtime_error("broken"); };
    }
    if (latch) return [latch](std::stop_token) { latch->wait(); };
    return [](std::stop_token) {};
  }

  // Half of what hangs returns within its grace, half after the round.
  void note(std::size_t job, Fate fate) {
    --open;
    ++settled[job];
    ++fates[static_cast<std::size_t>(sorts[job])]
           [static_cast<std::size_t>(fate)];
    if (release[job] && job % 2 == 0) release[job]->count_down();
  }

  std::uint64_t told(Sort sort, Fate fate) const {
    return fates[static_cast<std::size_t>(sort)]
                [static_cast<std::size_t>(fate)];
  }
  std::uint64_t told(Fate fate) const {
    std::uint64_t sum = 0;
    for (const Share& share : kShares) sum += told(share.sort, fate);
    return sum;
  }

  // Who is cancelled may be done already.
  void expect_ends_of(const Share& share) const {
    for (const Fate fate :
         {Fate::finished, Fate::failed, Fate::expired, Fate::dropped}) {
      if (share.sort == Sort::cancelled && fate == Fate::finished) continue;
      EXPECT_EQ(told(share.sort, fate) > 0, fate == share.end)
          << "sort " << static_cast<int>(share.sort) << ' ' << to_string(fate);
    }
  }

  const unsigned seed = std::random_device{}();
  std::mt19937 random{seed};
  std::vector<Sort> sorts = std::vector<Sort>(kJobs);
  std::vector<int> settled = std::vector<int>(kJobs);
  std::vector<std::shared_ptr<std::latch>> release =
      std::vector<std::shared_ptr<std::latch>>(kJobs);
  std::array<std::array<std::uint64_t, 5>, kShares.size()> fates{};
  std::size_t submitted = 0;
  std::size_t open = 0;
  JobId last_to_cancel = 0;

  Reactor reactor;
  ThreadPool threads{reactor, {.workers = 8, .capacity = 256, .retired = 200}};
  Lanes lanes{reactor, threads, {{"slow", {.workers = 4, .capacity = 200}}}};
  Strand strand{reactor, lanes, {.capacity = 256}};
  Deadlines deadlines{reactor, strand, {.grace = 5ms}};
  Meter meter{reactor, deadlines};
  ProcessWorkers processes{reactor,
                           {.command = bracketing(),
                            .workers = 2,
                            .capacity = 100,
                            .first_pause = 1ms,
                            .longest_pause = 10ms,
                            .name = "worker",
                            .error_line = [](std::string_view) {}}};
};

TEST_F(AccountingAll, EachOfAHundredThousandJobsIsSettledExactlyOnce) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (std::size_t round = 0; round < kRounds; ++round) {
    ASSERT_TRUE(run_round());
    release_all();
  }
  ASSERT_TRUE(run_until(reactor, [&] { return threads.stats().stuck == 0; }));
  ASSERT_EQ(submitted, kJobs);
  EXPECT_EQ(settled, std::vector<int>(kJobs, 1));
  const Meter::Numbers in_threads = meter.total();
  const ProcessWorkers::Stats in_processes = processes.stats();
  EXPECT_EQ(in_threads.submitted + in_processes.submitted, kJobs);
  for (std::size_t fate = 0; fate < 5; ++fate) {
    EXPECT_EQ(in_threads.settled[fate] + in_processes.settled[fate],
              told(static_cast<Fate>(fate)));
  }
  for (const Share& share : kShares) expect_ends_of(share);
  EXPECT_GT(told(Fate::refused), 0u);
}

}  // namespace
}  // namespace rp
