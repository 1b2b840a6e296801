#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "reactor/epoll_poller.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"

// Another thread posts two tasks and is gone; then we post one. Each does
// something that comes later, or not at all. Of the trace only callbacks are
// printed, and each look at the clock takes a microsecond.

using rp::Reactor;

class SteppingClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return time_ += std::chrono::microseconds(1); }

 private:
  rp::TimePoint time_{};
};

static void print(const rp::TraceEvent& event) {
  if (event.what == "check" || event.what == "begin" || event.what == "wait") {
    return;
  }
  std::cout << to_string(event) << '\n';
}

int main() {
  SteppingClock clock;
  Reactor reactor(std::make_unique<rp::EpollPoller>(), clock);
  rp::TickTrace trace(print);
  reactor.set_trace(&trace);

  const rp::Mailbox loop(reactor);
  const auto say = [](const std::string& words) {
    return [words] { std::cout << words << '\n'; };
  };
  std::thread other([&] {
    loop.post([&] {
      std::cout << "hers\n";
      reactor.run_after({}, say("her timer"));
      loop.post(say("posted by hers"));
    });
    loop.post([&] {
      std::cout << "hers again\n";
      reactor.at_phase_end(say("put off by hers"));
    });
  });
  other.join();
  loop.post([&] {
    std::cout << "ours\n";
    loop.post([&] {
      std::cout << "stop\n";
      reactor.stop();
    });
    loop.post(say("posted behind the stop"));
  });
  reactor.run();
}
