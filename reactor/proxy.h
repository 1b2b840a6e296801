#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "reactor/address.h"
#include "reactor/connection.h"
#include "reactor/connector.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/unique_fd.h"

namespace rp {

/// The limits of two connections that are joined.
struct ProxyLimits {
  /// With more than these on their way to one side the other is not read;
  /// it is again at half. One read more may be held: 64 KiB.
  std::size_t unsent = 64 * 1024;
  Duration connect = std::chrono::seconds(10);  ///< to all addresses together
  Duration idle = std::chrono::seconds(60);     ///< zero: never
};

/// One of two connections that are joined: what each gets the other sends.
///
///     auto make = [&](UniqueFd fd, const Address& peer) {
///       return ProxyEnd::dialing(std::move(fd), peer, {server});
///     };
///     Acceptor::start(reactor, listen_on(here), make);
///
/// The two sides should not notice that somebody stands between them:
/// - a side that does not read stops the other one from sending, and nothing
///   else: each direction has its own bound (`unsent`);
/// - a side's end is handed on when all that came before it is; the other
///   direction goes on. When both have ended both are closed;
/// - a side's reset is told as a reset, and what is on its way is lost, as it
///   is between two who are connected directly;
/// - any other end of one side (idle, closed by the program) ends the other
///   when all is sent.
///
/// A drain leaves it alone: only its two sides know when they are done. The
/// drain's deadline ends it.
///
/// Thread rule: the loop's thread. Ownership: the reactor owns both.
class ProxyEnd : public Connection {
 public:
  ProxyEnd(UniqueFd fd, const Address& peer, ProxyLimits limits = {});

  /// Adds both to the reactor, joined. Throws std::system_error if the poller
  /// cannot watch them; both are closed then.
  static void join(Reactor& reactor, std::unique_ptr<ProxyEnd> one,
                   std::unique_ptr<ProxyEnd> other);

  /// What could not be reached: "connect to 127.0.0.1:9: Connection refused".
  using Complain = Function<void(const std::string&)>;

  /// A client's connection that, once it is added, connects to the first of
  /// these addresses that answers (see Connector) and is joined to that. It
  /// is not read before. If none answers the client sees a reset.
  static std::unique_ptr<ProxyEnd> dialing(UniqueFd client, const Address& peer,
                                           std::vector<Address> servers,
                                           ProxyLimits limits = {},
                                           Complain complain = {});

  void on_added() override;
  void on_drain() override {}

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override;
  bool pauses_when_choked() const override { return false; }
  void on_disconnect(CloseReason reason) override;

 private:
  ProxyEnd* other();
  void take(std::unique_ptr<ProxyEnd> other);
  void connected(ConnectResult result);
  void give_up(const std::string& why);
  void finish();
  void reset();

  ProxyLimits limits_;
  HandleId other_;
  bool finished_ = false;  // it has been told the other's end
  std::vector<Address> servers_;
  Complain complain_;
  HandleId connector_;
};

}  // namespace rp
