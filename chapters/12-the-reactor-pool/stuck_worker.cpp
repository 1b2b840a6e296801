#include <cstdio>
#include <latch>
#include <memory>

#include "pool/thread_pool.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"

namespace {

void print(const char* when, const rp::ThreadPool& pool) {
  const rp::ThreadPool::Stats stats = pool.stats();
  std::printf("%s: %zu at work, %zu stuck\n", when, stats.workers, stats.stuck);
}

}  // namespace

// A thread cannot be killed. Its worker is retired and replaced, and leaves
// by itself when the job returns after all.
int main() {
  rp::Reactor reactor;
  rp::ThreadPool pool{reactor, {.workers = 1}};
  const rp::Mailbox loop{reactor};
  const auto gate = std::make_shared<std::latch>(1);
  rp::JobId hung = 0;

  const auto retire = [&] {
    print("before", pool);
    pool.abandon(hung);
    print("retired", pool);
    pool.submit({.work = [](std::stop_token) {},
                 .settled =
                     [&](rp::Settled end) {
                       std::printf("the next job %s\n",
                                   rp::to_string(end.fate).data());
                       gate->count_down();
                     }});
  };
  hung = pool.submit({.work =
                          [&, gate](std::stop_token) {
                            loop.post(retire);
                            gate->wait();
                          },
                      .settled =
                          [](rp::Settled end) {
                            std::printf("the hung job was %s\n",
                                        rp::to_string(end.fate).data());
                          }});
  reactor.run_every(std::chrono::milliseconds(1), [&] {
    if (gate->try_wait() && pool.stats().stuck == 0) reactor.stop();
  });
  reactor.run();
  print("it came back", pool);
}
