#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rp {

/// SHA-1 (RFC 3174) of bytes that come in pieces of any size.
///
///     Sha1 sha;
///     while (read(piece)) sha.update(piece);
///     std::cout << to_hex(sha.finish()) << '\n';
///
/// WebSocket's handshake asks for it, and it tells files apart. It protects
/// nothing: who wants two texts of one digest can make them.
///
/// What it has come to can be written down and taken up elsewhere, so that
/// several processes can digest one file, one after another:
///
///     auto later = Sha1::resume(sha.state());
///     if (later) later->update(piece);
///
/// One thread at a time.
class Sha1 {
 public:
  void update(std::string_view bytes);

  /// The 20 bytes of the digest. Nothing may follow but the destructor.
  std::string finish();

  /// What was digested so far: a line of printable ASCII, at most 200 bytes.
  std::string state() const;

  /// Takes up from a state; none if `state` is not one.
  static std::optional<Sha1> resume(std::string_view state);

  /// How many bytes were digested so far.
  std::uint64_t length() const { return length_; }

 private:
  void digest_block(const char* block);

  std::array<std::uint32_t, 5> words_{0x67452301, 0xefcdab89, 0x98badcfe,
                                      0x10325476, 0xc3d2e1f0};
  std::uint64_t length_ = 0;
  std::string begun_;  ///< of a block of 64 bytes
};

/// Two lower-case digits a byte.
std::string to_hex(std::string_view bytes);

/// The bytes; none for an odd length or a character that is no digit.
std::optional<std::string> from_hex(std::string_view digits);

/// With padding, without line breaks (RFC 4648, section 4).
std::string to_base64(std::string_view bytes);

/// The bytes. None for what to_base64() does not write: other characters,
/// missing padding, bits that are set where none are used.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace rp
