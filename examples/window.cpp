#include "examples/window.h"

#include "examples/dashboard_files.h"
#include "examples/listening.h"
#include "examples/server_flags.h"
#include "rpc/http_files.h"
#include "rpc/http_rpc.h"
#include "rpc/status_http.h"
#include "rpc/websocket_server.h"

namespace rp {

std::unique_ptr<HttpServer> open_window(Dispatcher& service, Status& status,
                                        const Flags& given) {
  HttpServer::Options options = options_of_hosts(given);
  options.acceptor = connection_limits(given);
  auto window = std::make_unique<HttpServer>(service.reactor(),
                                             given.address("http"), options);
  serve_files(*window, dashboard_files());
  serve_json_rpc(*window, "/rpc", service);
  serve_json_rpc_websocket(*window, "/rpc", service);
  serve_status(*window, status);
  return window;
}

}  // namespace rp
