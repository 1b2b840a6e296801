#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "reactor/poller.h"
#include "tests/support/sim_network.h"

namespace rp {

/// The demultiplexer of a simulated reactor. It looks at the descriptors as
/// they are, and never waits: when nothing is ready, it moves the clock to
/// what happens next, in the network or at the end of the time-out.
///
///     Reactor reactor(std::make_unique<SimPoller>(network), clock);
///
/// It imitates neither epoll nor select. A socket of the network's that has
/// no room is not writable, whatever the kernel says.
///
/// Errors: std::runtime_error, which ends Reactor::run(), when nothing will
/// ever happen again ("waits for ever"), and when the loop turns without end
/// while time stands still ("spins"). Thread rule: the loop's thread. The
/// network must outlive it.
class SimPoller : public Poller {
 public:
  explicit SimPoller(SimNetwork& network) : network_(network) {}

  std::string_view name() const override { return "simulation"; }
  void add(int fd, HandleId id, Interest interest) override;
  void modify(int fd, HandleId id, Interest interest) override;
  void remove(int fd) override;
  void wait(std::optional<Duration> timeout,
            std::vector<Ready>& ready) override;

  /// How many waits there were.
  std::size_t waits() const { return waits_; }

 private:
  struct Watched {
    HandleId id;
    Interest interest;
  };

  void look(std::vector<Ready>& ready) const;
  void count_wait();

  SimNetwork& network_;
  std::map<int, Watched> watched_;
  std::size_t waits_ = 0;
  std::size_t waits_now_ = 0;  // since time last moved
  TimePoint last_{};
};

}  // namespace rp
