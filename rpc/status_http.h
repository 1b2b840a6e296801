#pragma once

#include "rpc/http_site.h"
#include "rpc/status.h"

namespace rp {

/// For operators: `GET /metrics`, for Prometheus, and `GET /healthz`, 200 "ok"
/// or, while the reactor drains, 503 "draining".
///
///     serve_status(server, status);
///
/// Thread rule: the loop's thread. Both must outlive run().
void serve_status(HttpSite& site, Status& status);

}  // namespace rp
