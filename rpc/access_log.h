#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "pool/line_log.h"
#include "rpc/http_site.h"
#include "rpc/method_watch.h"

namespace rp {

/// A line for each HTTP exchange and each call of a method, whatever wire it
/// came by, in a log that never holds up the loop.
///
///     AccessLog log{lines, AccessLog::Form::text};
///     server.on_answered([&](const auto& exchange) { log.http(exchange); });
///     status.methods().on_answered([&](const auto& call) { log.rpc(call); });
///
///     2026-11-21T20:04:30.123Z http 127.0.0.1:51234 GET /healthz 200 3 41us
///     2026-11-21T20:04:31.004Z rpc 127.0.0.1:51236 add ok 12us
///     2026-11-21T20:04:31.020Z rpc 127.0.0.1:51236 spin -32001 1000113us
///     2026-11-21T20:04:32.117Z rpc 127.0.0.1:51240 - -32700 0us
///
/// It says who asked for what, what came of it and how long that took; nothing
/// of what requests hold: no parameters, no bodies, no query of a path. As
/// `json` each line is an object with the same, durations as "us". What was no
/// call has no method, "-". Behind an exchange whose handler threw stands
/// "threw" and what, its spaces kept.
///
/// What a stranger has chosen can break no line and move no cursor: of it only
/// visible ASCII stands there as it is, any other byte and the backslash as
/// \\xHH, and no more than 256 bytes.
///
/// Thread rule: the loop's thread. The log must outlive it.
class AccessLog {
 public:
  enum class Form : std::uint8_t { text, json };
  using WallClock = std::function<std::chrono::system_clock::time_point()>;

  AccessLog(LineLog& lines, Form form,
            WallClock clock = std::chrono::system_clock::now);

  void http(const HttpExchange& exchange);
  void rpc(const MethodWatch::Answered& call);

  /// What a LineLog of this form says when lines were lost.
  static std::string lost_as_text(std::uint64_t lost);
  static std::string lost_as_json(std::uint64_t lost);

 private:
  std::string now() const;

  LineLog& lines_;
  const Form form_;
  const WallClock clock_;
};

/// `text` in visible ASCII, as described above.
std::string visible(std::string_view text);

}  // namespace rp
