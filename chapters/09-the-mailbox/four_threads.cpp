#include <cstdio>
#include <thread>
#include <vector>

#include "reactor/mailbox.h"
#include "reactor/reactor.h"

// Four threads count together, and no lock guards the counter: only the loop
// touches it. Each says when it is done; the last one stops the loop.

int main() {
  constexpr int kThreads = 4;
  constexpr int kPosts = 25'000;
  rp::Reactor reactor;
  const rp::Mailbox loop(reactor);
  const auto home = std::this_thread::get_id();
  int count = 0;
  int elsewhere = 0;
  int done = 0;

  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int post = 0; post < kPosts; ++post) {
        loop.post([&] {
          ++count;
          if (std::this_thread::get_id() != home) ++elsewhere;
        });
      }
      loop.post([&] {
        if (++done == kThreads) reactor.stop();
      });
    });
  }
  reactor.run();
  for (std::thread& thread : threads) thread.join();
  std::printf("counted: %d\nnot on the loop: %d\n", count, elsewhere);
}
