#include <sys/select.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/socket.h"

// A loop that looks at its flag once a tick, as most first loops do. The timer
// stops it; but the tick goes on to select(), which waits for a client that
// never comes.
//
// Promise: does not end within 1 s

class Loop {
 public:
  void add_timer(rp::Task callback) { timers_.push_back(std::move(callback)); }

  void stop() { stopped_ = true; }

  void run() {
    while (!stopped_) {
      trigger_time_based_events();
      select_handles();
    }
  }

 private:
  void trigger_time_based_events() {
    for (rp::Task& callback : timers_) callback();
    timers_.clear();
  }

  void select_handles() {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(listening_.get(), &readable);
    ::select(listening_.get() + 1, &readable, nullptr, nullptr, nullptr);
  }

  std::vector<rp::Task> timers_;
  rp::UniqueFd listening_ = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  bool stopped_ = false;
};

int main() {
  Loop loop;
  loop.add_timer([&loop] {
    std::puts("timer: stop");
    std::fflush(stdout);
    loop.stop();
  });
  loop.run();
  std::puts("stopped");
}
