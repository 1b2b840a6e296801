#pragma once

#include <memory>
#include <string_view>

#include "reactor/connection.h"
#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "rpc/wire/http.h"

namespace rp {

/// What speaks on a connection after HTTP has ended on it (RFC 9110, 7.8):
/// the callbacks of a Connection, handed on.
///
///     struct Echo : Takeover {
///       void on_start(Connection& connection) override { to = &connection; }
///       void on_data(std::string_view bytes) override { to->send(bytes); }
///       void on_end() override { to->close_after_sending(); }
///       void on_drain() override { to->close_after_sending(); }
///       Connection* to = nullptr;
///     };
///
/// Errors: what a callback throws goes to the reactor's error handler; what
/// on_start() throws closes the connection, too.
///
/// Thread rule: the loop's thread. Ownership: the connection's, and destroyed
/// with it, after on_disconnect().
class Takeover {
 public:
  virtual ~Takeover() = default;

  /// The response that said 101 is on its way; what is sent now follows it.
  /// The connection outlives the takeover.
  virtual void on_start(Connection& connection) = 0;

  /// Bytes have come, lent for the length of the call; the first may have
  /// come behind the request.
  virtual void on_data(std::string_view bytes) = 0;

  /// The peer has sent its last byte.
  virtual void on_end() = 0;

  /// See Connection.
  virtual void on_unchoked() {}
  virtual bool is_idle() const { return true; }
  virtual void on_drain() = 0;
  virtual void on_disconnect(CloseReason) {}
};

/// What comes of a request to upgrade: a response with status 101 and who
/// takes over, or any other response, which refuses.
struct HttpUpgrade {
  HttpResponse response;
  std::unique_ptr<Takeover> takeover = nullptr;
};

using HttpMakeUpgrade = Function<HttpUpgrade(const HttpRequest&)>;

}  // namespace rp
