#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <latch>
#include <mutex>
#include <thread>

// The same with a lock that lets go by itself: the C library unwinds the
// stack of a cancelled thread, so that destructors run. Now the lock is free,
// and what it was there for is broken: ten coins have left one account and
// have not come to the other.
//
// Promise: never prints "200 coins"

struct Bank {
  std::mutex mutex;
  int ada = 100;
  int bob = 100;
};

int main() {
  static Bank bank;
  std::latch busy{1};
  std::thread late{[&] {
    const std::lock_guard lock(bank.mutex);
    bank.ada -= 10;
    busy.count_down();
    ::pause();  // a disk that does not answer
    bank.bob += 10;
  }};
  busy.wait();
  ::pthread_cancel(late.native_handle());
  late.join();

  const std::lock_guard lock(bank.mutex);
  std::printf("ada has %d, bob has %d: %d coins\n", bank.ada, bank.bob,
              bank.ada + bank.bob);
}
