#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>

#include "pool/reactor_pool.h"
#include "reactor/reactor.h"

using namespace std::chrono_literals;

namespace {

struct Bank {
  std::mutex mutex;
  int ada = 100;
  int bob = 100;

  void move_one_coin() {
    const std::lock_guard lock(mutex);
    --ada;
    ++bob;
  }
};

}  // namespace

// Nobody ends this work but the work itself, where nothing is half made: it
// looks at its stop token between two coins. Its caller is told at the
// deadline all the same, and its worker stays in the pool.
int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = 1, .grace = 10s}};
  Bank bank;
  std::string told;
  pool.defer(
      [&](std::stop_token token) {
        while (!token.stop_requested()) bank.move_one_coin();
      },
      [&](rp::Outcome<void> outcome) { told = outcome.message(); },
      {.deadline = 200ms});
  reactor.run_every(1ms, [&] {
    if (!told.empty() && pool.stats().running == 0) reactor.stop();
  });
  reactor.run();

  const std::lock_guard lock(bank.mutex);
  std::printf("the caller: %s\n", told.c_str());
  std::printf("the bank: %d coins\n", bank.ada + bank.bob);
  std::printf("workers: %zu, left behind: %zu\n", pool.stats().workers,
              pool.stats().stuck);
}
