#pragma once

#include "rpc/http_site.h"
#include "rpc/status.h"

namespace rp {

/// `GET /metrics`, for Prometheus, and `GET /healthz`: 200 "ok", or 503 if it
/// was under way when a drain began. Who knocks later is refused: that tells.
///
///     serve_status(server, status);
///
/// Thread rule: the loop's thread. Both must outlive run().
void serve_status(HttpSite& site, Status& status);

}  // namespace rp
