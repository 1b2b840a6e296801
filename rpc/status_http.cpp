#include "rpc/status_http.h"

#include <string>

#include "rpc/wire/metrics_text.h"

namespace rp {

namespace {

HttpResponse answer(int status, std::string_view type, std::string body) {
  return {.status = status,
          .fields = {{"Content-Type", std::string(type)},
                     {"Cache-Control", "no-store"}},
          .body = std::move(body)};
}

}  // namespace

void serve_status(HttpSite& site, Status& status) {
  status.watch(site);
  site.get("/metrics", [&status](const HttpRequest&) {
    return answer(200, MetricsText::kContentType, status.metrics());
  });
  site.get("/healthz", [&site](const HttpRequest&) {
    constexpr std::string_view kPlain = "text/plain; charset=utf-8";
    if (site.reactor().draining()) return answer(503, kPlain, "draining\n");
    return answer(200, kPlain, "ok\n");
  });
}

}  // namespace rp
