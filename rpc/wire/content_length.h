#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/framing.h"

namespace rp {

/// The framing of the Language Server Protocol, which editors speak with the
/// programs they start: a header part that tells the length, then so many
/// bytes of JSON.
///
///     Content-Length: 46\r\n
///     \r\n
///     {"jsonrpc":"2.0","method":"status","id":"one"}
///
///     ContentLengthFramer framer(4 * 1024 * 1024);
///
/// Header lines end with "\r\n", and an empty one ends the header part. Names
/// are compared without case. Content-Length, decimal digits only, stands
/// there once; Content-Type may, and must not name a charset but UTF-8; others
/// are ignored. Anything else is malformed, and so is input that ends within a
/// message: where the next message would begin is not known any more.
///
/// A length beyond the limit is refused when it is announced. What is held
/// grows with the bytes that have come, not with what was announced.
///
/// Standard: "Base Protocol" of
/// https://microsoft.github.io/language-server-protocol/specification
class ContentLengthFramer : public Framer {
 public:
  /// The longest header part; line feeds do not count.
  static constexpr std::size_t kMaxHeader = 4096;

  /// `max_message` counts the bytes behind the header part.
  explicit ContentLengthFramer(std::size_t max_message)
      : max_message_(max_message) {}

  void end() override { ended_ = true; }
  Frame next() override;
  bool partial() const override;
  std::string fault() const override;
  std::string before(std::size_t message_bytes) const override;
  std::string_view behind() const override { return {}; }

 private:
  bool take_header();
  void read_header(std::string_view line);
  void read_length(std::string_view digits);
  void forget_message();
  void malformed(std::string_view what);

  std::size_t max_message_;
  std::size_t header_bytes_ = 0;       // of the begun header part
  std::optional<std::size_t> length_;  // once it is announced
  bool in_message_ = false;            // the header part is over
  bool ended_ = false;
  std::string_view fault_;  // a literal; empty: too long
};

}  // namespace rp
