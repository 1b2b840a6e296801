#include "tests/support/sim_poller.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <string>

#include "reactor/socket.h"

namespace rp {
namespace {

constexpr std::size_t kMostWaitsAtOneTime = 10'000;

}  // namespace

void SimPoller::add(int fd, HandleId id, Interest interest) {
  if (!watched_.emplace(fd, Watched{id, interest}).second) {
    throw_errno("watch descriptor " + std::to_string(fd), EEXIST);
  }
  network_.watch(fd);
}

void SimPoller::modify(int fd, HandleId id, Interest interest) {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) {
    throw_errno("change descriptor " + std::to_string(fd), ENOENT);
  }
  found->second = {id, interest};
}

void SimPoller::remove(int fd) {
  if (watched_.erase(fd) == 0) {
    throw_errno("forget descriptor " + std::to_string(fd), ENOENT);
  }
  network_.forget(fd);
}

void SimPoller::wait(std::optional<Duration> timeout,
                     std::vector<Ready>& ready) {
  ready.clear();
  count_wait();
  FakeClock& clock = network_.clock();
  const TimePoint never = TimePoint::max();
  const TimePoint begin = clock.now();
  const bool bounded = timeout && *timeout < never - begin;
  [[maybe_unused]] const TimePoint end = bounded ? begin + *timeout : never;
  // Exercise 8.2: this one only looks, and time stands still. While nothing is
  // ready, move the clock to what comes first, of the network or the end of
  // the time-out, and look again; if nothing will ever come, throw.
  network_.turn();
  look(ready);
}

void SimPoller::look(std::vector<Ready>& ready) const {
  std::vector<pollfd> descriptors;
  for (const auto& [fd, watched] : watched_) {
    short events = watched.interest.read ? POLLIN : 0;
    if (watched.interest.write && network_.has_room(fd)) events |= POLLOUT;
    descriptors.push_back({fd, events, 0});
  }
  ::poll(descriptors.data(), descriptors.size(), 0);
  for (const pollfd& seen : descriptors) {
    if (seen.revents == 0) continue;
    const Watched& watched = watched_.at(seen.fd);
    const bool hung_up = (seen.revents & (POLLHUP | POLLERR)) != 0;
    ready.push_back({.id = watched.id,
                     .readable = hung_up || (seen.revents & POLLIN) != 0,
                     .writable = hung_up || (seen.revents & POLLOUT) != 0});
  }
}

// A loop that spins would turn for ever while no time passes.
void SimPoller::count_wait() {
  ++waits_;
  const TimePoint now = network_.now();
  if (now != last_) waits_now_ = 0;
  last_ = now;
  if (++waits_now_ > kMostWaitsAtOneTime) {
    throw std::runtime_error("the loop spins");
  }
}

}  // namespace rp
