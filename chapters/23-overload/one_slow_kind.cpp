#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <latch>

#include "pool/lanes.h"
#include "pool/thread_pool.h"
#include "reactor/reactor.h"

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kWorkers = 2;
constexpr int kQuickJobs = 10;

// Four slow jobs come first, then ten quick ones. The slow ones end when all
// quick ones are done, or when no worker is left that could do them.
struct Morning {
  rp::Reactor reactor;
  rp::ThreadPool pool{reactor, {.workers = kWorkers}};
  std::atomic<std::size_t> slow_at_work = 0;
  std::latch evening{1};
  int quick_done = 0;
  int open = 4 + kQuickJobs;

  void submit_all(rp::Executor& executor) {
    for (int i = 0; i < 4; ++i) {
      executor.submit({.work =
                           [this](std::stop_token) {
                             ++slow_at_work;
                             evening.wait();
                           },
                       .settled = [this](rp::Settled) { --open; },
                       .kind = "slow"});
    }
    for (int i = 0; i < kQuickJobs; ++i) {
      executor.submit({.work = [](std::stop_token) {},
                       .settled =
                           [this](rp::Settled) {
                             ++quick_done;
                             --open;
                           },
                       .kind = "quick"});
    }
  }

  void run(const char* how, rp::Executor& executor) {
    submit_all(executor);
    reactor.run_every(1ms, [&] {
      const bool over = quick_done == kQuickJobs || slow_at_work == kWorkers;
      if (over && !evening.try_wait()) {
        std::printf("%s: %d of %d quick jobs while slow ones run\n", how,
                    quick_done, kQuickJobs);
        evening.count_down();
      }
      if (open == 0) reactor.stop();
    });
    reactor.run();
  }
};

}  // namespace

int main() {
  Morning starved;
  starved.run("one queue for all", starved.pool);

  Morning served;
  rp::Lanes lanes{served.reactor, served.pool, {{"slow", {.workers = 1}}}};
  served.run("slow jobs in a lane", lanes);
}
