#pragma once

#include "rpc/http_site.h"
#include "rpc/status.h"

namespace rp {

/// For operators: `GET /metrics`, for Prometheus, and `GET /healthz`, 200 "ok".
/// A server that drains listens no more and closes idle connections, so what
/// tells a balancer is the refused connection; only a request that was on its
/// way already is answered 503 "draining".
///
///     serve_status(server, status);
///
/// Thread rule: the loop's thread. Both must outlive run().
void serve_status(HttpSite& site, Status& status);

}  // namespace rp
