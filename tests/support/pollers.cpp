#include "tests/support/pollers.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "reactor/epoll_poller.h"
#include "reactor/select_poller.h"

namespace rp {

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
  real_->wait(Duration::zero(), ready);
  if (!ready.empty()) return;
  if (timeout) return clock_.advance(*timeout);
  if (before_blocking_) std::exchange(before_blocking_, {})();
  real_->wait(std::chrono::minutes(1), ready);
  if (ready.empty()) throw std::runtime_error("nothing came for a minute");
}

std::unique_ptr<Poller> make_poller(const std::string& name) {
  if (name == "Epoll") return std::make_unique<EpollPoller>();
  return std::make_unique<SelectPoller>();
}

}  // namespace rp
