#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

#include "reactor/connection.h"
#include "rpc/session.h"
#include "rpc/wire/framing.h"

namespace rp {

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
/// nothing had happened. A line that is too long is answered with -32600,
/// and one that takes too long to arrive ends the connection. A peer that
/// closes its half gets every answer that is owed. A last line without an
/// end counts as a line.
///
/// Thread rule: the loop's thread. Ownership: it owns its session.
class LineConnection : public Connection, private Wire {
 public:
  LineConnection(UniqueFd fd, const Address& peer,
                 std::unique_ptr<Session> session, LineLimits limits = {});

  Session& session() { return *session_; }

  void on_added() override;
  void on_drain() override { session_->drain(); }

 protected:
  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_unchoked() override { session_->wire_ready(); }
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
  void time_the_line();
  void stop_timing();

  std::unique_ptr<Session> session_;
  LineFramer framer_;
  LineLimits limits_;
  TimerId line_timer_;
  bool taking_ = false;
};

}  // namespace rp
