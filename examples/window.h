#pragma once

#include <cstdint>
#include <memory>

#include "examples/flags.h"
#include "rpc/dispatcher.h"
#include "rpc/http_server.h"
#include "rpc/status.h"

namespace rp {

/// What rpc_server serves by HTTP, on the address of `--http`: the page on
/// which its loop can be seen, JSON-RPC by POST and by WebSocket on /rpc,
/// /metrics and /healthz.
///
///     std::unique_ptr<HttpServer> window = open_window(service, status,
///     given);
///
/// Thread rule: the loop's thread. Service and status must outlive run().
std::unique_ptr<HttpServer> open_window(Dispatcher& service, Status& status,
                                        const Flags& given);

}  // namespace rp
