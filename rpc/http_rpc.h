#pragma once

#include <string_view>

#include "rpc/dispatcher.h"
#include "rpc/http_site.h"
#include "rpc/responder.h"

namespace rp {

/// Serves JSON-RPC on one path: a POST is a message or a batch.
///
///     serve_json_rpc(server, "/rpc", service);
///
/// 200 with the answer, errors among it; 204 when nothing is answered, once
/// the last notification has run; 415 for what is not `application/json` in
/// UTF-8, or is compressed. Handlers see the fields as Call::headers(); one
/// that asks its caller gets -32603, and while the reactor drains new calls get
/// -32004. Thread rule: the loop's. Site and service must outlive run().
void serve_json_rpc(HttpSite& site, std::string_view path, Dispatcher& service,
                    ResponderLimits limits = {});

}  // namespace rp
