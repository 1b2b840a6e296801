#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <vector>

#include "reactor/poller.h"
#include "reactor/unique_fd.h"

namespace rp {

/// A poller over epoll: the kernel keeps the set, and a wait costs what is
/// ready, not what is watched.
///
///     EpollPoller poller;
///     poller.add(fd, id, Interest::reading());
///     poller.wait(std::nullopt, ready);
///
/// The kernel keeps the id beside each descriptor and gives it back, so no
/// table is needed here. One wait reports up to 4096 handles; the rest come
/// with the next, since it is level-triggered. Time-outs are rounded up to
/// whole milliseconds.
///
/// Errors: the constructor throws std::system_error when there is no
/// descriptor left. Thread rule and ownership: as for any Poller.
class EpollPoller : public Poller {
 public:
  EpollPoller();

  std::string_view name() const override { return "epoll"; }
  void add(int fd, HandleId id, Interest interest) override;
  void modify(int fd, HandleId id, Interest interest) override;
  void remove(int fd) override;
  void wait(std::optional<Duration> timeout,
            std::vector<Ready>& ready) override;

 private:
  void control(int verb, int fd, HandleId id, Interest interest);

  UniqueFd epoll_;
  std::size_t watched_ = 0;
  std::vector<epoll_event> events_;  ///< what one wait may report
};

}  // namespace rp
