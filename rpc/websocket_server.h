#pragma once

#include <memory>
#include <string>

#include "reactor/function.h"
#include "rpc/dispatcher.h"
#include "rpc/http_site.h"
#include "rpc/session.h"
#include "rpc/websocket_peer.h"
#include "rpc/websocket_wire.h"

namespace rp {

/// @file
/// WebSockets on the paths of an HTTP server. Requests to a path that do not
/// ask to upgrade go to what else is registered there.
///
///     HttpServer server{reactor, Address::parse("127.0.0.1:7080")};
///     serve_json_rpc(server, "/rpc", service);
///     serve_json_rpc_websocket(server, "/rpc", service);
///
/// The site judges Host and Origin as for all requests (HttpSite::refusal()).
/// For WebSockets there is no other guard: a browser lets any page open one
/// to anywhere (RFC 6455, 10.2).
///
/// Thread rule: the loop's thread.

/// Makes what talks to one client; null refuses it with 404.
using MakeWebSocketPeer =
    Function<std::unique_ptr<WebSocketPeer>(const HttpRequest&)>;

/// Serves WebSockets on this path, each with what `make` makes for it.
void serve_websocket(HttpSite& site, const std::string& path,
                     MakeWebSocketPeer make, WebSocketLimits limits = {});

/// Serves JSON-RPC over WebSockets, in both directions: a handler may ask the
/// browser. The headers of each call are the handshake's. The dispatcher must
/// outlive run().
void serve_json_rpc_websocket(HttpSite& site, const std::string& path,
                              Dispatcher& service, WebSocketLimits limits = {},
                              SessionLimits session = {});

}  // namespace rp
