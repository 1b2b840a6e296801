#pragma once

#include <memory>
#include <string_view>

#include "reactor/connection.h"
#include "rpc/line_wire.h"

namespace rp {

/// One JSON text a line, over a socket: the wire of TCP and of Unix sockets,
/// for a server's peers and for a client. What it does with lines is said in
/// rpc/line_wire.h.
///
///     auto session = std::make_unique<Session>(service, peer.to_string());
///     reactor.add(std::make_unique<LineConnection>(
///                     std::move(fd), peer, std::move(session)),
///                 Interest::reading());
///
/// Thread rule: the loop's thread. Ownership: it owns its session.
class LineConnection : public Connection, public LineWire {
 public:
  /// For a stream that is connected, on either side. The session may have
  /// asked already; what it sent leaves first.
  LineConnection(UniqueFd fd, const Address& peer,
                 std::unique_ptr<Session> session, LineLimits limits = {});

  void on_added() override;
  /// Ends when what is in flight is answered; see Session::drain().
  void on_drain() override { session().drain(); }

 protected:
  void on_data(std::string_view bytes) override { take(bytes); }
  void on_end() override { take_end(); }
  void on_unchoked() override { go_on(); }
  /// A peer that waits for an answer, or owes one, is quiet but not idle.
  bool is_idle() const override { return is_quiet(); }
  void on_disconnect(CloseReason reason) override { lost(reason); }

 private:
  void put(std::string_view bytes) override { Connection::send(bytes); }
  void read_on(bool wanted) override;
  bool is_open() const override { return reactor().find(id()) != nullptr; }
  bool is_choked() const override { return choked(); }
  bool has_ended() const override { return ended(); }
  void end_after_sending(CloseReason reason) override;
  void end_now(CloseReason reason) override { close(reason); }
};

}  // namespace rp
