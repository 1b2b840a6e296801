#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <latch>
#include <string>
#include <thread>

#include "pool/reactor_pool.h"
#include "reactor/reactor.h"

using namespace std::chrono_literals;

namespace {

// Looks at its token now and then, as good work does.
void long_but_polite(std::stop_token token) {
  while (!token.stop_requested()) std::this_thread::yield();
}

// Nobody will ever count this down.
void deaf() {
  static std::latch never{1};
  never.wait();
}

}  // namespace

// Both callers are told at the deadline. Only the worker of the job that does
// not heed its token is lost, and it is replaced.
int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = 2, .grace = 50ms}};
  std::string polite, hung;
  pool.defer(long_but_polite,
             [&](rp::Outcome<void> outcome) { polite = outcome.message(); },
             {.deadline = 300ms});
  pool.defer(deaf, [&](rp::Outcome<void> outcome) { hung = outcome.message(); },
             {.deadline = 300ms});
  reactor.run_every(1ms, [&] {
    const bool told = !polite.empty() && !hung.empty();
    if (told && pool.stats().running == 0) reactor.stop();
  });
  reactor.run();

  std::printf("the polite job: %s\n", polite.c_str());
  std::printf("the deaf job: %s\n", hung.c_str());
  std::printf("workers: %zu\n", pool.stats().workers);
  std::printf("left behind: %zu\n", pool.finish());
  std::fflush(stdout);
  std::quick_exit(0);
}
