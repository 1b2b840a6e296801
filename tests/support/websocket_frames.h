#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/websocket.h"
#include "tests/support/parsed_http.h"

namespace rp {

/// Frames as they look on the wire, right or wrong, made without the writer
/// that is tested elsewhere. `first` is the first byte: 0x81 a whole text,
/// 0x01 its first fragment, 0x80 the last, 0x88 a close, 0x89 a ping.
///
///     client_frame(0x81, "Hello")  // masked
///     server_frame(0x81, "Hello")  // not

std::string client_frame(unsigned first, std::string_view payload);
std::string server_frame(unsigned first, std::string_view payload);

/// The payload of a closing frame, whatever the code.
std::string closing(unsigned code, std::string_view reason = {});

/// An event as a line: "text Hello", "close 1000 bye", "error 1002 a ...".
std::string told(const WebSocketEvent& event);

/// What a parser says of a stream that comes in these pieces. Each lies in
/// memory of its own, so that a view kept too long shows under a sanitizer.
std::vector<std::string> events_of(const std::vector<std::string>& pieces,
                                   WebSocketSide side,
                                   std::size_t max_message = 1024 * 1024);

}  // namespace rp
