#pragma once

#include <string>
#include <string_view>

#include "rpc/wire/http.h"

namespace rp {

/// The HTTP exchange that begins a WebSocket (RFC 6455, section 4). Both
/// halves are functions of messages: they do no I/O.
///
///     HttpResponse answer = answer_handshake(request);
///     if (answer.status == 101) ...  // frames follow
///
/// Thread rule: any thread.

/// The Sec-WebSocket-Accept that proves that a Sec-WebSocket-Key was read by
/// one who knows the protocol (4.2.2).
std::string websocket_accept(std::string_view key);

/// A server's answer. 101 with all fields it needs; or a refusal: 400 for
/// what is no handshake or has a body, 426 with Sec-WebSocket-Version for a
/// version other than 13 and for a request that does not ask to upgrade.
/// Extensions and subprotocols that are offered are not taken up. Origin is
/// the server's affair.
HttpResponse answer_handshake(const HttpRequest& request);

/// A client's request for ws://`host``target`. `key` is base64 of 16 random
/// bytes, new for each connection (4.1).
HttpRequest handshake_request(std::string_view host, std::string_view target,
                              std::string_view key);

/// What is wrong with a server's answer, for people; empty if nothing is. A
/// server that takes up what was not offered is refused (4.1).
std::string handshake_fault(const HttpResponse& response, std::string_view key);

}  // namespace rp
