#pragma once

#include <string>
#include <system_error>
#include <vector>

#include "reactor/address.h"
#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// What a Connector found: a connected descriptor, or why there is none.
struct ConnectResult {
  UniqueFd fd;            ///< empty: it failed
  Address peer;           ///< the address that answered, or the last tried
  std::error_code error;  ///< the last failure; timed_out at the deadline

  /// "connect to 127.0.0.1:7000: Connection refused".
  std::string message() const;
};

/// Connects without blocking the loop: tries several addresses in turn, in
/// one time-out for all of them.
///
///     Connector::start(reactor, {v6, v4}, 10s, [&](ConnectResult result) {
///       if (!result.fd) return complain(result.message());
///       reactor.add(make_peer(std::move(result.fd)), Interest::reading());
///     });
///
/// `done` is called exactly once, never inside start(): with a descriptor,
/// with the error of the last address, with timed_out, or, when the reactor
/// shuts down first, with operation_canceled. Only closing the id that
/// start() returns ends the attempt without a call.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns it.
class Connector : public EventHandler {
 public:
  using Done = Function<void(ConnectResult)>;

  /// Throws std::invalid_argument when there is no address, std::system_error
  /// when there is no socket to be had for any of them.
  static HandleId start(Reactor& reactor, std::vector<Address> addresses,
                        Duration timeout, Done done);

  Connector(std::vector<Address> addresses, Duration timeout, Done done);

  int fd() const override { return fd_.get(); }
  void on_added() override;
  void on_writable() override;
  void on_drain() override {}
  void on_closed(CloseReason reason) override;

 private:
  UniqueFd next_socket();
  void attempt();
  void try_next();
  void finish(std::error_code error);

  std::vector<Address> addresses_;
  std::size_t current_ = 0;
  Duration timeout_;
  Done done_;
  UniqueFd fd_;
  int failed_at_once_ = 0;
  TimerId timer_;
};

}  // namespace rp
