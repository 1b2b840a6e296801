#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace rp {

/// Checks UTF-8 as it arrives, in pieces of any size (RFC 3629, section 4).
///
///     Utf8Decoder decoder;
///     if (!decoder.feed(piece)) return fail("not UTF-8");
///     if (!decoder.complete()) return fail("ends within a character");
///
/// Refused, at the first byte that cannot belong to a character: overlong
/// forms, surrogates (U+D800..U+DFFF), anything above U+10FFFF, bytes that
/// are never used. It keeps four bytes of state and none of the text.
/// One thread at a time.
class Utf8Decoder {
 public:
  /// Takes the next bytes. False once one of them cannot be UTF-8; after that
  /// every call answers false until reset().
  bool feed(std::string_view bytes);

  /// True between two characters: the text may end here.
  bool complete() const { return needed_ == 0 && !failed_; }

  /// How many bytes were taken since the last reset(). After a failure, the
  /// place of the byte that was refused.
  std::size_t accepted() const { return accepted_; }

  /// How many of those belong to a character that is not whole yet (0 to 3).
  std::size_t pending() const { return pending_; }

  /// Forgets all, also a failure.
  void reset() { *this = Utf8Decoder(); }

 private:
  bool begin(std::uint8_t byte);
  bool step(std::uint8_t byte);

  std::size_t accepted_ = 0;
  std::uint8_t pending_ = 0;
  std::uint8_t needed_ = 0;  ///< continuation bytes still to come
  std::uint8_t low_ = 0x80;  ///< the range the next of them must lie in
  std::uint8_t high_ = 0xbf;
  bool failed_ = false;
};

/// Appends `bytes` to `out`, with U+FFFD in place of each part that is not
/// UTF-8: for text that must leave in a valid message whatever it holds (a
/// file name, the what() of an exception).
void append_as_utf8(std::string_view bytes, std::string& out);

}  // namespace rp
