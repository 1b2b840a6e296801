#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <latch>
#include <mutex>
#include <thread>

// A thread that is late is ended from outside, as one would end a process.
// It had the lock of the list just then, in code that knows nothing of its
// end. Nobody has the lock now, and nobody will ever get it.
//
// Promise: does not end within 1 s

struct List {
  std::mutex mutex;
  int entries = 0;
};

int main() {
  static List list;
  std::latch busy{1};
  std::thread late{[&] {
    list.mutex.lock();
    busy.count_down();
    ::pause();  // a disk that does not answer
    ++list.entries;
    list.mutex.unlock();
  }};
  busy.wait();
  ::pthread_cancel(late.native_handle());
  late.join();
  std::puts("the late thread is gone");
  std::fflush(stdout);

  const std::lock_guard lock(list.mutex);
  std::printf("the list has %d entries\n", list.entries);
}
