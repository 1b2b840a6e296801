#include "rpc/wire/websocket_writer.h"

#include <cstddef>
#include <stdexcept>

#include "rpc/wire/utf8.h"
#include "rpc/wire/websocket.h"

namespace rp {

namespace {

void append_big_endian(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(number >> shift));
  }
}

}  // namespace

void write_frame(std::string& out, const WebSocketFrame& frame) {
  const auto opcode = static_cast<std::uint8_t>(frame.opcode);
  const std::uint64_t length = frame.payload.size();
  if (opcode >= 8 && (!frame.final || length > frame_head::kMaxControl)) {
    throw std::invalid_argument("a control frame is whole, of 125 bytes");
  }
  const bool is_short = length < frame_head::kTwoBytes;
  const bool is_long = length > 0xffff;
  const auto longer = is_long ? frame_head::kEightBytes : frame_head::kTwoBytes;
  const auto first = is_short ? length : longer;
  out.push_back(
      static_cast<char>(opcode | (frame.final ? frame_head::kFinal : 0)));
  out.push_back(
      static_cast<char>(first | (frame.mask ? frame_head::kMasked : 0)));
  append_big_endian(out, length, is_short ? 0 : is_long ? 8 : 2);
  if (!frame.mask) {
    out.append(frame.payload);
    return;
  }
  const std::string_view mask(frame.mask->data(), frame.mask->size());
  out.append(mask);
  append_masked(out, frame.payload, mask);
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
