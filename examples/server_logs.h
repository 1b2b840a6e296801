#pragma once

#include <optional>
#include <vector>

#include "examples/flags.h"
#include "examples/losses.h"
#include "pool/line_log.h"
#include "reactor/reactor.h"
#include "rpc/access_log.h"
#include "rpc/dispatcher.h"
#include "rpc/http_server.h"
#include "rpc/status.h"

namespace rp {

/// What rpc_server writes down: `--log` on standard output, `--trace` in a
/// file. Each has a thread of its own, so neither holds up the loop. Lines that
/// are lost are told of on standard error: it looks once a second, and once
/// more at its end.
///
///     ServerLogs logs{reactor, given};
///     LiveTrace trace{reactor, {}, logs.trace()};
///     logs.listen(service, status, window.get());
///
/// Its threads take the signal mask of the one that makes it: block first what
/// the loop is to get. It must outlive the loop and what it listens to, and the
/// trace that writes to it.
///
/// Thread rule: the loop's thread.
class ServerLogs {
 public:
  /// Throws UsageError for another word than text, json and off, and
  /// std::system_error when the trace's file cannot be made.
  ServerLogs(Reactor& reactor, const Flags& given);
  ServerLogs(const ServerLogs&) = delete;
  ServerLogs& operator=(const ServerLogs&) = delete;
  ~ServerLogs();

  /// Null: it is not asked for.
  LineLog* trace() { return trace_ ? &*trace_ : nullptr; }

  /// Those that there are.
  std::vector<const LineLog*> all() const;

  /// From now on each call is logged, refused ones too, and each exchange;
  /// there may be no server.
  void listen(Dispatcher& service, Status& status, HttpServer* server);

 private:
  std::optional<LineLog> trace_;
  std::optional<LineLog> lines_;
  std::optional<AccessLog> access_;
  std::vector<LogLosses> losses_;
};

}  // namespace rp
