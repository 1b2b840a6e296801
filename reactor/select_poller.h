#pragma once

#include <sys/select.h>

#include <array>

#include "reactor/poller.h"

namespace rp {

/// A poller over select(): the oldest demultiplexer, and the one that can be
/// read in full. Each wait hands the kernel every descriptor and looks at
/// every answer, so it costs O(highest descriptor); and it knows descriptors
/// below FD_SETSIZE (1024) only.
///
///     SelectPoller poller;
///     poller.add(fd, id, Interest::reading());
///     poller.wait(std::nullopt, ready);
///
/// add() of a higher descriptor throws std::system_error: "select: descriptor
/// 1024 is at or beyond FD_SETSIZE (1024): Too many open files".
///
/// Thread rule and ownership: as for any Poller.
class SelectPoller : public Poller {
 public:
  SelectPoller();

  std::string_view name() const override { return "select"; }
  void add(int fd, HandleId id, Interest interest) override;
  void modify(int fd, HandleId id, Interest interest) override;
  void remove(int fd) override;
  void wait(std::optional<Duration> timeout,
            std::vector<Ready>& ready) override;

 private:
  bool watches(int fd) const;
  void set(int fd, HandleId id, Interest interest);

  std::array<HandleId, FD_SETSIZE> ids_{};  ///< by descriptor; empty: none
  fd_set reading_;
  fd_set writing_;
  int end_ = 0;  ///< one more than the highest descriptor watched
};

}  // namespace rp
