#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rp {

/// Whether the bytes are UTF-8, slowly and simply: each character is put
/// together, and must be one that needs so many bytes (RFC 3629, section 3).
///
///     must(is_utf8(text), "text is UTF-8");
inline bool is_utf8(std::string_view bytes) {
  const auto at = [bytes](std::size_t i) {
    return static_cast<std::uint8_t>(i < bytes.size() ? bytes[i] : 0);
  };
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  for (std::size_t i = 0, size = 1; i < bytes.size(); i += size) {
    const std::uint8_t lead = at(i);
    size = lead < 0x80 ? 1 : lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : 3;
    if (lead >= 0xf0) size = lead < 0xf8 ? 4 : 0;
    if (size == 0) return false;
    std::uint32_t character = size == 1 ? lead : lead & (0x7fu >> size);
    for (std::size_t more = 1; more < size; ++more) {
      if (at(i + more) >> 6 != 2) return false;
      character = character << 6 | (at(i + more) & 0x3fu);
    }
    if (character < kLeast[size] || character > 0x10ffff) return false;
    if (character >= 0xd800 && character <= 0xdfff) return false;
  }
  return true;
}

}  // namespace rp
