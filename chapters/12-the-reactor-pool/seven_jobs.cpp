#include <chrono>
#include <iostream>
#include <stdexcept>

#include "pool/thread_pool.h"
#include "reactor/reactor.h"

// One worker, and room for two jobs that wait. All is printed by the loop: in
// which order does it hear of the seven jobs?

static void print(const char* what) { std::cout << what << '\n'; }

int main() {
  using namespace std::chrono_literals;
  rp::Reactor reactor;
  rp::ThreadPool pool{reactor, {.workers = 1, .capacity = 2}};
  const auto submit = [&pool](
                          char name, rp::Task then = [] {}) {
    return pool.submit(
        {.work =
             [name](std::stop_token) {
               if (name == 'e') throw std::runtime_error("broken");
             },
         .settled =
             [name, then = std::move(then)](rp::Settled end) mutable {
               std::cout << name << ' ' << to_string(end.fate) << '\n';
               then();
             }});
  };
  const auto stop_and_submit = [&] {
    reactor.stop();
    submit('f', [&] { reactor.stop(); });
  };
  reactor.run_after(0s, [&] {
    submit('a', [&] { submit('e', stop_and_submit); });
    const rp::JobId second = submit('b');
    submit('c');
    if (pool.cancel(second) == rp::Cancelled::dequeued) print("b is taken out");
    submit('d');
    print("the callback returns");
  });
  reactor.run();
  print("the run is over");
  pool.finish();
  print("the pool has finished");
  submit('g');
  reactor.run();
}
