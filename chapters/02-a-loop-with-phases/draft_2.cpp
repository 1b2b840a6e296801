#include <sys/select.h>
#include <sys/socket.h>

#include <cerrno>
#include <iostream>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/socket.h"
#include "reactor/tick_trace.h"

// The loop, second draft: three phases, a check for stop before each, and a
// line for each thing that happens. A line takes a microsecond.

struct Peer {
  rp::UniqueFd fd;
  std::uint64_t id;
  bool dead = false;
};

class Loop {
 public:
  explicit Loop(rp::UniqueFd listening) : listening_(std::move(listening)) {}

  void add_timer(rp::Task callback) { timers_.push_back(std::move(callback)); }

  void stop() { stopped_ = true; }

  bool tick() {
    ++tick_;
    if (stop_was_called()) return false;
    trigger_time_based_events();

    if (stop_was_called()) return false;
    select_handles();

    if (stop_was_called()) return false;
    close_dead_connections();
    return true;
  }

 private:
  bool stop_was_called() {
    record("stop?", "check");
    return stopped_;
  }

  void trigger_time_based_events() {
    record("timers", "begin");
    for (rp::Task& callback : std::exchange(timers_, {})) {
      record("timers", "timer");
      callback();
    }
  }

  void select_handles() {
    record("handles", "begin");
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(listening_.get(), &readable);
    for (const Peer& peer : peers_) FD_SET(peer.fd.get(), &readable);
    const int ready =
        ::select(FD_SETSIZE, &readable, nullptr, nullptr, nullptr);
    record("handles", "wait", static_cast<std::uint64_t>(ready));
    for (Peer& peer : peers_) {
      if (FD_ISSET(peer.fd.get(), &readable)) serve(peer);
    }
    if (FD_ISSET(listening_.get(), &readable)) accept_all();
  }

  // A peer that has left is marked; nothing is closed in this phase.
  void serve(Peer& peer) {
    record("handles", "read", peer.id);
    char bytes[4096];
    const ssize_t size = ::recv(peer.fd.get(), bytes, sizeof bytes, 0);
    peer.dead = size == 0 || (size < 0 && errno != EAGAIN);
    if (size <= 0) return;
    ::send(peer.fd.get(), bytes, std::size_t(size), MSG_NOSIGNAL);
  }

  void accept_all() {
    while (rp::UniqueFd fd = rp::accept_from(listening_.get(), nullptr)) {
      record("handles", "accept", ++last_id_);
      peers_.push_back({std::move(fd), last_id_});
    }
  }

  void close_dead_connections() {
    record("dead", "begin");
    std::erase_if(peers_, [this](const Peer& peer) {
      if (peer.dead) record("dead", "closed", peer.id);
      return peer.dead;
    });
  }

  void record(std::string_view phase, std::string_view what,
              std::uint64_t id = 0) {
    trace_.record({.time = now_++,
                   .tick = tick_,
                   .phase = phase,
                   .what = what,
                   .id = id});
  }

  rp::UniqueFd listening_;
  std::vector<Peer> peers_;
  std::vector<rp::Task> timers_;
  rp::TickTrace trace_ = rp::TickTrace::to(std::cout);
  std::chrono::microseconds now_{0};
  std::uint64_t tick_ = 0;
  std::uint64_t last_id_ = 0;
  bool stopped_ = false;
};

int main() {
  rp::UniqueFd listening = rp::listen_on(rp::Address::parse("127.0.0.1:0"));
  const rp::Address here = rp::local_address(listening.get());
  Loop loop(std::move(listening));
  const rp::UniqueFd silent = rp::connect_blocking(here);
  rp::UniqueFd second = rp::connect_blocking(here);
  ::send(second.get(), "hello", 5, MSG_NOSIGNAL);
  loop.tick();
  loop.tick();
  second.reset();
  loop.tick();
  loop.add_timer([&loop] { loop.stop(); });
  loop.tick();
}
