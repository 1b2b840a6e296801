#include <csignal>
#include <iostream>
#include <memory>
#include <utility>

#include "reactor/connector.h"
#include "reactor/epoll_poller.h"
#include "reactor/signals.h"

// Two signals come before the first tick, and the second asks the program to
// leave. A connector is under way, with two addresses of which neither is
// there; a guest needs one more timer. Of the trace only callbacks are
// printed, and each look at the clock takes a microsecond.

using rp::Interest;
using rp::Reactor;

class SteppingClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return time_ += std::chrono::microseconds(1); }

 private:
  rp::TimePoint time_{};
};

class Guest : public rp::EventHandler {
 public:
  int fd() const override { return -1; }
  void on_drain() override {
    std::cout << "the guest takes his coat\n";
    reactor().run_after({}, [this] { reactor().close(id()); });
  }
};

static void print(const rp::TraceEvent& event) {
  if (event.what == "check" || event.what == "begin" || event.what == "wait") {
    return;
  }
  std::cout << to_string(event) << '\n';
}

int main() {
  using std::chrono::seconds;
  SteppingClock clock;
  Reactor reactor(std::make_unique<rp::EpollPoller>(), clock);
  rp::TickTrace trace(print);
  reactor.set_trace(&trace);

  rp::Signals::start(reactor, {SIGUSR1, SIGTERM}, [&](int signal) {
    std::cout << (signal == SIGTERM ? "leave" : "a signal") << '\n';
    if (signal == SIGTERM) reactor.drain(seconds(10));
  });
  const auto first = rp::Address::unix_path("/no/such/first");
  const auto second = rp::Address::unix_path("/no/such/second");
  rp::Connector::start(reactor, {first, second}, seconds(10),
                       [](const rp::ConnectResult& result) {
                         std::cout << result.message() << '\n';
                       });
  reactor.add(std::make_unique<Guest>(), Interest::none());
  std::raise(SIGUSR1);
  std::raise(SIGTERM);
  reactor.run();
}
