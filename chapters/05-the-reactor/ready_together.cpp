#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <utility>

#include "reactor/epoll_poller.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"

// Three handles are ready in one tick, and the peer of the last one wrote
// first. What the first handle does in its turn comes at four different times.
// Only callbacks are printed; the handles are 1, 2 and 3, in the order of
// their registration, and each look at the clock takes a microsecond.

using rp::Interest;
using rp::Reactor;
using rp::UniqueFd;

class SteppingClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return time_ += std::chrono::microseconds(1); }

 private:
  rp::TimePoint time_{};
};

// A handle with a byte to read. What it does then comes in `read`.
class Ready : public rp::EventHandler {
 public:
  Ready(UniqueFd fd, rp::Task read)
      : fd_(std::move(fd)), read_(std::move(read)) {}

  int fd() const override { return fd_.get(); }
  void on_readable() override {
    char byte = 0;
    if (::read(fd(), &byte, 1) == 1 && read_) read_();
  }
  void on_writable() override {
    reactor().set_interest(id(), Interest::reading());
  }

 private:
  UniqueFd fd_;
  rp::Task read_;
};

static void print(rp::TraceEvent event) {
  if (event.what == "check" || event.what == "begin" || event.what == "wait") {
    return;
  }
  if (event.id != 0) event.id = rp::HandleId::from_number(event.id).slot + 1;
  std::cout << to_string(event) << '\n';
}

int main() {
  UniqueFd ours[3];
  UniqueFd theirs[3];
  for (int i = 0; i < 3; ++i) {
    int ends[2];
    const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    if (::socketpair(AF_UNIX, type, 0, ends) != 0)
      rp::throw_errno("socketpair");
    ours[i] = UniqueFd(ends[0]);
    theirs[i] = UniqueFd(ends[1]);
  }
  SteppingClock clock;
  Reactor reactor(std::make_unique<rp::EpollPoller>(), clock);
  rp::HandleId second;
  const auto end = [&] { reactor.at_phase_end([] {}); };
  const auto first = [&] {
    reactor.run_after({}, [&] { reactor.stop(); });
    reactor.close(second);
    reactor.at_phase_end(end);
  };
  const Interest both{.read = true, .write = true};
  reactor.add(std::make_unique<Ready>(std::move(ours[0]), first),
              Interest::reading());
  second = reactor.add(std::make_unique<Ready>(std::move(ours[1]), nullptr),
                       Interest::reading());
  reactor.add(std::make_unique<Ready>(std::move(ours[2]), nullptr), both);
  for (const int i : {2, 1, 0}) {
    if (::write(theirs[i].get(), "x", 1) != 1) rp::throw_errno("write");
  }
  rp::TickTrace trace(print);
  reactor.set_trace(&trace);
  reactor.run();
}
