#include "rpc/wire/utf8.h"

namespace rp {

// The second byte alone decides between a good form and an overlong one, a
// surrogate or a code point above U+10FFFF, so its range is narrowed here.
bool Utf8Decoder::begin(std::uint8_t byte) {
  if (byte < 0x80) return true;
  if (byte < 0xc2 || byte > 0xf4) return false;
  needed_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
  low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
  high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
  pending_ = 1;
  return true;
}

bool Utf8Decoder::step(std::uint8_t byte) {
  if (needed_ == 0) return begin(byte);
  if (byte < low_ || byte > high_) return false;
  low_ = 0x80;
  high_ = 0xbf;
  --needed_;
  pending_ = needed_ == 0 ? std::uint8_t{0} : std::uint8_t(pending_ + 1);
  return true;
}

bool Utf8Decoder::feed(std::string_view bytes) {
  for (const char c : bytes) {
    failed_ = failed_ || !step(static_cast<std::uint8_t>(c));
    if (failed_) return false;
    ++accepted_;
  }
  return !failed_;
}

// One replacement for each maximal part that could have begun a character,
// as the Unicode standard recommends (chapter 3.9).
void append_as_utf8(std::string_view bytes, std::string& out) {
  Utf8Decoder decoder;
  while (!decoder.feed(bytes) || !decoder.complete()) {
    const std::size_t begun = decoder.pending();
    const std::size_t good = decoder.accepted() - begun;
    out.append(bytes.substr(0, good)).append("\xef\xbf\xbd");
    bytes.remove_prefix(good + (begun == 0 ? 1 : begun));
    decoder.reset();
  }
  out.append(bytes);
}

}  // namespace rp
