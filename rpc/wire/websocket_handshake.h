#pragma once

#include <string>
#include <string_view>

#include "rpc/wire/http.h"

namespace rp {

/// @file
/// The HTTP exchange that begins a WebSocket (RFC 6455, section 4), as
/// functions of messages: a server answers, a client asks and judges.
/// Thread rule: any thread.

/// The Sec-WebSocket-Accept for a Sec-WebSocket-Key (4.2.2).
std::string websocket_accept(std::string_view key);

/// The server's answer: 101; or 400 for what is no handshake, 426 for another
/// version than 13 or no upgrade at all. Extensions and subprotocols are not
/// taken up. (A body before any upgrade is refused by HttpConnection.)
HttpResponse answer_handshake(const HttpRequest& request);

/// The client's request, for ws://`host``target`; `key`: base64 of 16 random
/// bytes (4.1).
HttpRequest handshake_request(std::string_view host, std::string_view target,
                              std::string_view key);

/// What is wrong with a server's answer, for people; empty if nothing is.
std::string handshake_fault(const HttpResponse& response, std::string_view key);

}  // namespace rp
