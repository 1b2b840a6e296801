#include <cstdio>
#include <stdexcept>
#include <string>

#include "pool/defer.h"
#include "pool/thread_pool.h"
#include "reactor/reactor.h"

namespace {

bool is_prime(int number) {
  for (int d = 2; d * d <= number; ++d) {
    if (number % d == 0) return false;
  }
  return number > 1;
}

int primes_below(int limit) {
  if (limit < 0) throw std::invalid_argument("a limit below zero");
  int count = 0;
  for (int number = 0; number < limit; ++number) count += is_prime(number);
  return count;
}

}  // namespace

// The work runs on a worker, its end comes back on the loop: a result, or
// what was thrown.
int main() {
  rp::Reactor reactor;
  rp::ThreadPool pool{reactor, {.workers = 2}};
  int open = 2;
  const auto one_is_done = [&] {
    if (--open == 0) reactor.stop();
  };
  int primes = 0;
  rp::defer(
      pool, [] { return primes_below(100'000); },
      [&](rp::Outcome<int> outcome) {
        primes = outcome.value();
        one_is_done();
      });
  std::string complaint;
  rp::defer(
      pool, [] { return primes_below(-1); },
      [&](rp::Outcome<int> outcome) {
        complaint = outcome.message();
        one_is_done();
      });
  std::printf("deferred\n");
  reactor.run();
  std::printf("primes below 100000: %d\n", primes);
  std::printf("primes below -1: %s\n", complaint.c_str());
}
