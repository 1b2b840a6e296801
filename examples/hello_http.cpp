// Says hello to a browser, and adds for whoever asks in JSON-RPC.

#include "examples/demo_methods.h"
#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/http_rpc.h"
#include "rpc/http_server.h"
#include "rpc/place.h"

namespace rp {
namespace {

Value add(const Params& params) {
  return sum_of(params.get("a"), params.get("b"));
}

int serve(const Flags& given) {
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor, stdout);
  report_refusals(reactor, "hello_http");

  Dispatcher service(reactor);
  service.method("add", on_loop, add,
                 {.params = {{"a", Type::number}, {"b", Type::number}}});
  HttpServer server(reactor, local_port(given, "port"));
  server.get("/", [](const HttpRequest&) {
    return plain_text(200, "Hello, World!\n");
  });
  serve_json_rpc(server, "/", service);

  announce_page(server.address());
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("hello_http", "Says hello over HTTP, and adds by JSON-RPC.");
  flags.option("port", "N", "listen on 127.0.0.1:N; 0: any free one", "7085");
  rp::declare_poller(flags);
  flags.help_ends_with(rp::help_on_signals);
  return rp::run_program(flags, argc, argv, rp::serve);
}
