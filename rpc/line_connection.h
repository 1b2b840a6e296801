#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "reactor/connection.h"
#include "rpc/session.h"
#include "rpc/wire/framing.h"

namespace rp {

/// The limits of one connection that carries lines.
struct LineLimits {
  /// The longest message, in bytes.
  std::size_t line = 4 * 1024 * 1024;
  /// From the first byte of a message to its last; zero: no limit.
  Duration receive = std::chrono::seconds(15);
  ConnectionLimits connection = {};
  SessionLimits session = {};
};

/// One JSON text a line, over a byte stream: the wire of TCP and of Unix
/// sockets, for a server's peers and for a client.
///
///     auto session = std::make_unique<Session>(service, peer.to_string());
///     reactor.add(std::make_unique<LineConnection>(
///                     std::move(fd), peer, std::move(session)),
///                 Interest::reading());
///
/// A malformed line is answered with -32700 and the next is served as if
/// nothing had happened. A line that is too long is answered with -32600, and
/// ends the connection when all else that is owed is answered, too. One that
/// takes too long to arrive ends it at once. A peer that closes its half gets
/// every answer that is owed. A last line without an end counts as a line.
///
/// Thread rule: the loop's thread. Ownership: it owns its session.
class LineConnection : public Connection, private Wire {
 public:
  /// For a stream that is connected, on either side. The session may have
  /// asked already; what it sent leaves first.
  LineConnection(UniqueFd fd, const Address& peer,
                 std::unique_ptr<Session> session, LineLimits limits = {});

  /// As long as the connection lives.
  Session& session() { return *session_; }

  void on_added() override;
  /// Ends when what is in flight is answered; see Session::drain().
  void on_drain() override { session_->drain(); }

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override { session_->wire_ready(); }
  /// A peer that waits for an answer, or owes one, is quiet but not idle.
  bool is_idle() const override { return session_->is_quiet(); }
  void on_disconnect(CloseReason reason) override;

 private:
  void send(std::string_view json) override;
  void set_reading(bool wanted) override;
  void finish() override;

  void take_messages();
  bool take_one();
  void refuse_long_line();
  bool can_take();
  bool is_held() const;
  void time_the_line();
  void line_is_late();
  void stop_timing();

  std::unique_ptr<Session> session_;
  LineFramer framer_;
  std::size_t longest_line_;
  Duration receive_limit_;
  TimerId line_timer_;
  bool taking_ = false;
  bool refused_ = false;  // a line that was too long
};

}  // namespace rp
