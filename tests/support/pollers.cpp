#include "tests/support/pollers.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"

namespace rp {
namespace {

constexpr std::size_t kMostWaits = 100'000;
constexpr std::chrono::minutes kMinute{1};

}  // namespace

void FakeTimePoller::add(int fd, HandleId id, Interest interest) {
  real_->add(fd, id, interest);
}

void FakeTimePoller::modify(int fd, HandleId id, Interest interest) {
  real_->modify(fd, id, interest);
}

void FakeTimePoller::remove(int fd) { real_->remove(fd); }

void FakeTimePoller::wait(std::optional<Duration> timeout,
                          std::vector<Ready>& ready) {
  ++waits_;
  // A test that waits for threads turns the loop as often as it takes.
  const bool may_wait = timeout != Duration::zero();
  if (may_wait && ++long_waits_ > kMostWaits) {
    throw std::runtime_error("the loop spins");
  }
  real_->wait(Duration::zero(), ready);
  if (!ready.empty()) return;
  if (timeout) return clock_.advance(*timeout);
  if (before_blocking_) std::exchange(before_blocking_, {})();
  const auto begin = std::chrono::steady_clock::now();
  real_->wait(kMinute, ready);
  // A signal ends a wait early with nothing ready.
  if (!ready.empty() || std::chrono::steady_clock::now() - begin < kMinute) {
    return;
  }
  throw std::runtime_error("nothing came for a minute");
}

std::unique_ptr<Poller> make_poller(const std::string& name) {
  if (name == "Epoll") return std::make_unique<EpollPoller>();
  return std::make_unique<SelectPoller>();
}

}  // namespace rp
