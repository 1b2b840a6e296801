#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/http.h"

namespace rp {

/// One answer on its way to a client: what its body owes to what its head has
/// promised, and whether another may follow it on the connection (RFC 9112,
/// sections 6 and 9.3). It knows nothing of sockets.
///
///     HttpAnswer answer{request};
///     answer.begin(out, {.status = 200}, {}, true, date);
///     if (answer.has_body()) answer.count(bytes.size());
///
/// Thread rule: one thread at a time.
class HttpAnswer {
 public:
  HttpAnswer() = default;
  explicit HttpAnswer(const HttpRequest& request);

  /// Writes the head behind what `out` holds. With a `length` in bytes the
  /// body is that long; else it goes in chunks or, to HTTP/1.0, ends with the
  /// connection. `may_go_on`: the connection outlasts it if that can be told,
  /// and if the head does not say "Connection: close" (section 9.6).
  /// Throws std::invalid_argument for a head that cannot be written; then
  /// nothing has changed.
  void begin(std::string& out, const HttpResponse& head,
             std::optional<std::uint64_t> length, bool may_go_on,
             const std::string& date);

  /// So many bytes of the body are sent. False: more than was promised.
  bool count(std::uint64_t bytes);

  /// All that was promised has been sent.
  bool is_whole() const { return framing_ != Framing::length || left_ == 0; }

  /// It will not be whole: nothing can follow it.
  void cut() { goes_on_ = false; }

  /// Of the head; 0 before it is written.
  int status() const { return status_; }
  /// A body follows the head: not to HEAD, not for 204 or 304.
  bool has_body() const { return framing_ != Framing::none; }
  bool is_chunked() const { return framing_ == Framing::chunks; }
  bool goes_on() const { return goes_on_; }
  /// Bytes of the body so far.
  std::uint64_t sent() const { return sent_; }

 private:
  /// How the end of the body is told.
  enum class Framing : std::uint8_t { none, length, chunks, close };

  bool to_head_ = false;
  int minor_ = 1;
  int status_ = 0;
  bool goes_on_ = false;
  Framing framing_ = Framing::none;
  std::uint64_t left_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace rp
