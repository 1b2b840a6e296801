#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/websocket.h"

namespace rp {

/// @file
/// Writes what WebSocketParser reads. Thread rule: any thread.

/// What a client hides a frame's bytes with: random, a new one for each
/// frame, so that nobody can choose what the wire carries (RFC 6455, 10.3).
using WebSocketMask = std::array<char, 4>;

/// One frame to write.
struct WebSocketFrame {
  WebSocketOpcode opcode;
  std::string_view payload = {};
  std::optional<WebSocketMask> mask = {};  ///< of a client's, always
  bool final = true;                       ///< the last fragment, or the only
};

/// Appends the frame. Throws std::invalid_argument for a control frame that
/// is a fragment or longer than 125 bytes: a bug of the program.
///
///     write_frame(out, {WebSocketOpcode::text, "hello"});
void write_frame(std::string& out, const WebSocketFrame& frame);

/// The payload of a closing frame. Of a long reason the first 123 bytes are
/// taken, less a character that would be cut; kNone gives an empty payload.
/// Throws std::invalid_argument for another code that may not be sent.
std::string close_payload(std::uint16_t code, std::string_view reason);

}  // namespace rp
