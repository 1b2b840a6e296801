#include "rpc/wire/websocket_writer.h"

#include <cstddef>
#include <stdexcept>

#include "rpc/wire/utf8.h"
#include "rpc/wire/websocket.h"

namespace rp {

namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint64_t kTwoBytes = 126;    // of length follow
constexpr std::uint64_t kEightBytes = 127;  // of length follow
constexpr std::size_t kMaxControl = 125;

void append_big_endian(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

void append_masked(std::string& out, std::string_view bytes,
                   const WebSocketMask& mask) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out.push_back(static_cast<char>(bytes[i] ^ mask[i % mask.size()]));
  }
}

}  // namespace

void write_frame(std::string& out, const WebSocketFrame& frame) {
  const auto opcode = static_cast<std::uint8_t>(frame.opcode);
  const std::uint64_t length = frame.payload.size();
  if (opcode >= 8 && (!frame.final || length > kMaxControl)) {
    throw std::invalid_argument("a control frame is whole, of 125 bytes");
  }
  const bool is_short = length < kTwoBytes;
  const bool is_long = length > 0xffff;
  const auto first = is_short ? length : is_long ? kEightBytes : kTwoBytes;
  out.push_back(static_cast<char>(opcode | (frame.final ? kFinal : 0)));
  out.push_back(static_cast<char>(first | (frame.mask ? kMasked : 0)));
  append_big_endian(out, length, is_short ? 0 : is_long ? 8 : 2);
  if (!frame.mask) {
    out.append(frame.payload);
    return;
  }
  out.append(frame.mask->data(), frame.mask->size());
  append_masked(out, frame.payload, *frame.mask);
}

// Exercise 19.3: refuse a code that may not be sent. Make the reason UTF-8, and
// take of it what fits into a control frame, without cutting a character.
std::string close_payload(std::uint16_t code, std::string_view reason) {
  if (code == close_code::kNone) return {};
  std::string payload;
  append_big_endian(payload, code, 2);
  return payload.append(reason);
}

}  // namespace rp
