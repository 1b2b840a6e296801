#include <sys/select.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <utility>

#include "reactor/clock.h"
#include "reactor/socket.h"
#include "reactor/timer_queue.h"

// The loop of chapter 2 with timers: whoever says nothing for two seconds is
// sent away, and the wait lasts until the next timer is due.
//
//     idle_clients              serves two clients of its own, and ends
//     idle_clients --port 7000  serves whoever comes: nc 127.0.0.1 7000

using namespace std::chrono_literals;
using rp::UniqueFd;

class Server {
 public:
  Server(const std::string& port, rp::Duration patience, int visits = 0)
      : listening_(rp::listen_on(rp::Address::parse("127.0.0.1:" + port))),
        patience_(patience),
        visits_(visits) {}

  rp::Address address() const { return rp::local_address(listening_.get()); }

  bool tick() {
    timers_.begin_pass(clock_.now());
    while (timers_.next_in_pass()) timers_.run_next();
    if (visits_ != 0 && left_ == visits_) return false;
    fd_set readable = wait();
    if (FD_ISSET(listening_.get(), &readable)) accept_all();
    for (auto it = clients_.begin(); it != clients_.end();) {
      const int fd = (it++)->first;  // serve() may erase it
      if (FD_ISSET(fd, &readable)) serve(fd);
    }
    return true;
  }

 private:
  struct Client {
    UniqueFd fd;
    int number = 0;
    rp::TimerId idle;
  };

  fd_set wait() {
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(listening_.get(), &readable);
    for (const auto& [fd, client] : clients_) FD_SET(fd, &readable);
    const int highest = std::max(
        listening_.get(), clients_.empty() ? 0 : clients_.rbegin()->first);
    timespec limit{};
    const auto due = timers_.next_due();
    if (due) limit = to_timespec(std::max(*due - clock_.now(), 0ns));
    if (::pselect(highest + 1, &readable, nullptr, nullptr,
                  due ? &limit : nullptr, nullptr) < 0) {
      rp::throw_errno("select");
    }
    return readable;
  }

  static timespec to_timespec(rp::Duration wait) {
    return {wait / 1s, (wait % 1s).count()};
  }

  void accept_all() {
    while (UniqueFd peer = rp::accept_from(listening_.get(), nullptr)) {
      const int fd = peer.get();
      clients_[fd] = {std::move(peer), ++accepted_, {}};
      watch(fd);
    }
  }

  // Replaces the timer that the client had.
  void watch(int fd) {
    timers_.cancel(clients_[fd].idle);
    clients_[fd].idle = timers_.add(clock_.now() + patience_, [this, fd] {
      leave(fd, "is sent away: it said nothing");
    });
  }

  void serve(int fd) {
    char bytes[4096];
    const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
    if (size <= 0) return leave(fd, "has left");
    ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    std::printf("client %d is answered\n", clients_[fd].number);
    watch(fd);
  }

  void leave(int fd, const char* how) {
    std::printf("client %d %s\n", clients_[fd].number, how);
    timers_.cancel(clients_[fd].idle);
    clients_.erase(fd);
    ++left_;
  }

  rp::SteadyClock clock_;
  rp::TimerQueue timers_;
  std::map<int, Client> clients_;
  UniqueFd listening_;
  rp::Duration patience_;
  int visits_;  // as many as this; 0: for ever
  int accepted_ = 0;
  int left_ = 0;
};

static void serve_two_of_our_own() {
  Server server("0", 500ms, 2);
  const UniqueFd silent = rp::connect_blocking(server.address());
  const UniqueFd talking = rp::connect_blocking(server.address());
  ::send(talking.get(), "hello", 5, MSG_NOSIGNAL);
  while (server.tick()) {
  }
}

int main(int argc, char** argv) try {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc == 1) {
    serve_two_of_our_own();
    return 0;
  }
  if (argc != 3 || std::string(argv[1]) != "--port") {
    std::fputs("usage: idle_clients [--port N]\n", stderr);
    return 2;
  }
  Server server(argv[2], 2s);
  std::printf("listening on tcp %s\n", server.address().to_string().c_str());
  while (server.tick()) {
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "idle_clients: %s\n", error.what());
  return 1;
}
