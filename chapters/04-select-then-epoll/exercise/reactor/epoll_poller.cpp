#include "reactor/epoll_poller.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <string>

#include "reactor/socket.h"

namespace rp {
namespace {

constexpr std::size_t kFewestEvents = 16;
constexpr std::size_t kMostEvents = 4096;

// EPOLLRDHUP is not asked for: it would be reported again and again to a
// handle that waits to write, after its peer has only finished sending.
std::uint32_t event_bits(Interest interest) {
  std::uint32_t bits = 0;
  if (interest.read) bits |= EPOLLIN;
  if (interest.write) bits |= EPOLLOUT;
  return bits;
}

// Exercise 4.3: what the kernel says of one handle, in our words. A hang-up and
// an error show as readable and as writable.
[[maybe_unused]] Ready to_ready(const epoll_event& event) {
  return {HandleId::from_number(event.data.u64), false, false};
}

// Rounded up: rounded down, the loop would spin through the last millisecond
// before a timer is due.
[[maybe_unused]] int to_milliseconds(std::optional<Duration> timeout) {
  if (!timeout) return -1;
  using std::chrono::milliseconds;
  constexpr milliseconds most{std::numeric_limits<int>::max()};
  const Duration positive = std::max(*timeout, Duration::zero());
  if (positive >= most) return std::numeric_limits<int>::max();
  return static_cast<int>(std::chrono::ceil<milliseconds>(positive).count());
}

}  // namespace

EpollPoller::EpollPoller()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), events_(kFewestEvents) {
  if (!epoll_) throw_errno("epoll_create1");
}

void EpollPoller::add(int fd, HandleId id, Interest interest) {
  control(EPOLL_CTL_ADD, fd, id, interest);
  ++watched_;
  if (watched_ > events_.size() && events_.size() < kMostEvents) {
    events_.resize(2 * events_.size());
  }
}

void EpollPoller::modify(int fd, HandleId id, Interest interest) {
  control(EPOLL_CTL_MOD, fd, id, interest);
}

void EpollPoller::remove(int fd) {
  control(EPOLL_CTL_DEL, fd, {}, Interest::none());
  --watched_;
}

// Exercise 4.3: ask epoll_wait() for up to events_.size() events, and report
// each. A signal (EINTR) is no error, and nothing is ready.
void EpollPoller::wait(std::optional<Duration>, std::vector<Ready>& ready) {
  ready.clear();
}

void EpollPoller::control(int verb, int fd, HandleId id, Interest interest) {
  epoll_event event{};
  event.events = event_bits(interest);
  event.data.u64 = id.number();
  if (::epoll_ctl(epoll_.get(), verb, fd, &event) != 0) {
    throw_errno("epoll: descriptor " + std::to_string(fd));
  }
}

}  // namespace rp
