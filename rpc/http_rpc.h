#pragma once

#include <string_view>

#include "rpc/dispatcher.h"
#include "rpc/http_site.h"
#include "rpc/responder.h"

namespace rp {

/// Serves JSON-RPC on one path: a POST is a message or a batch, the answer's
/// body is what it is answered with.
///
///     serve_json_rpc(server, "/rpc", service);
///
///     $ curl -H 'Content-Type: application/json' http://127.0.0.1:7080/rpc
///         -d '{"jsonrpc": "2.0", "method": "add", "params": [2, 3], "id": 1}'
///
/// 200 with a body, also for errors of JSON-RPC; 204 when nothing is answered,
/// which is when the last notification has run. What is not
/// `application/json` gets 415: a page of another origin cannot send that
/// without being allowed to. Handlers see the fields of their request as
/// Call::headers(). A handler that asks its caller gets -32603: there is no
/// way back. While the reactor drains new calls get -32004.
///
/// Thread rule: the loop's thread. Site and service must outlive run().
void serve_json_rpc(HttpSite& site, std::string_view path, Dispatcher& service,
                    ResponderLimits limits = {});

}  // namespace rp
