#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string_view>
#include <utility>

#include "reactor/connection.h"
#include "reactor/epoll_poller.h"
#include "reactor/socket.h"

// A peer asks once and ends its direction of the stream. It is answered in
// three pieces, by a connection that is choked with more than ten unsent
// bytes. Of the trace only callbacks are printed, and each look at the clock
// takes a microsecond.

using rp::Reactor;
using rp::UniqueFd;

class SteppingClock : public rp::Clock {
 public:
  rp::TimePoint now() override { return time_ += std::chrono::microseconds(1); }

 private:
  rp::TimePoint time_{};
};

class Answer : public rp::Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view) override {
    for (const char* piece : {"one ", "two ", "three"}) {
      send(piece);
      std::cout << unsent() << " unsent" << (choked() ? ", choked\n" : "\n");
    }
  }
  void on_unchoked() override { std::cout << unsent() << " unsent\n"; }
  void on_end() override {
    std::cout << "the peer has ended\n";
    Connection::on_end();
  }
  void on_disconnect(rp::CloseReason reason) override {
    std::cout << "over: " << to_string(reason) << '\n';
    reactor().stop();
  }
};

static void print(const rp::TraceEvent& event) {
  if (event.what == "check" || event.what == "begin" || event.what == "wait") {
    return;
  }
  std::cout << to_string(event) << '\n';
}

int main() {
  int ends[2];
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  if (::socketpair(AF_UNIX, type, 0, ends) != 0) rp::throw_errno("socketpair");
  UniqueFd ours(ends[0]);
  const UniqueFd theirs(ends[1]);
  if (::write(theirs.get(), "?", 1) != 1) rp::throw_errno("write");
  ::shutdown(theirs.get(), SHUT_WR);

  rp::ConnectionLimits limits;
  limits.pause_at = 10;
  SteppingClock clock;
  Reactor reactor(std::make_unique<rp::EpollPoller>(), clock);
  rp::TickTrace trace(print);
  reactor.set_trace(&trace);
  reactor.add(std::make_unique<Answer>(std::move(ours), rp::Address(), limits),
              rp::Interest::reading());
  reactor.run();
}
