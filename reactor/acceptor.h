#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "reactor/address.h"
#include "reactor/connection.h"
#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// The limits of one acceptor. Each is counted when it bites, in
/// Acceptor::Stats.
struct AcceptorLimits {
  std::size_t connections = 10'000;  ///< at once; more are closed at once
  std::size_t a_tick = 64;           ///< taken in one tick
  /// How long accepting rests when descriptors have run out.
  Duration rest = std::chrono::milliseconds(100);
};

/// Takes connections from a listening socket.
///
///     auto make = [](UniqueFd fd, const Address& peer) {
///       return std::make_unique<Echo>(std::move(fd), peer);
///     };
///     Acceptor::start(reactor, listen_on(address), make);
///
/// When the process has no descriptor left, a listening socket stays readable
/// and a naive loop spins. This one holds a descriptor in reserve: it gives
/// it up to take what waits and closes it, so that peers are told at once,
/// takes the reserve back, and rests. Live connections are served meanwhile.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it, and the
/// connections that it makes. It closes when the reactor drains.
class Acceptor : public EventHandler {
 public:
  /// Makes a connection of what was accepted; nullptr closes it.
  using Make =
      Function<std::unique_ptr<Connection>(UniqueFd fd, const Address& peer)>;

  struct Stats {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;  ///< beyond our limit or the poller's
    std::uint64_t shed = 0;     ///< closed for want of a descriptor
  };

  /// Hangs an acceptor for `listening` on the reactor. Throws
  /// std::system_error if the poller cannot watch it.
  static HandleId start(Reactor& reactor, UniqueFd listening, Make make,
                        AcceptorLimits limits = {});

  Acceptor(UniqueFd listening, Make make, AcceptorLimits limits);

  /// What came of those who knocked so far.
  const Stats& stats() const { return stats_; }

  int fd() const override { return listening_.get(); }
  void on_readable() override;
  void on_closed(CloseReason reason) override;

 private:
  bool accept_one();
  void welcome(UniqueFd fd, const Address& peer);
  bool is_full();
  void shed_and_rest();
  void try_again();

  UniqueFd listening_;
  UniqueFd reserve_;
  Make make_;
  AcceptorLimits limits_;
  Stats stats_;
  std::vector<HandleId> open_;
  TimerId rest_timer_;
};

}  // namespace rp
