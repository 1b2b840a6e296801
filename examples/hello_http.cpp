// Says hello to a browser, and adds for whoever asks in JSON-RPC.

#include <cstdint>
#include <cstdio>

#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/poller_flag.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/http_rpc.h"
#include "rpc/http_server.h"
#include "rpc/place.h"

namespace rp {
namespace {

Value add(const Params& params) {
  return params.at(0).as_double() + params.at(1).as_double();
}

int serve(const Flags& given) {
  const auto port = given.integer("port", 0, 65535);
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor);

  Dispatcher service(reactor);
  service.method("add", on_loop, add);
  HttpServer server(reactor,
                    Address::ip("127.0.0.1", static_cast<std::uint16_t>(port)));
  server.get("/", [](const HttpRequest&) {
    return plain_text(200, "Hello, World!\n");
  });
  serve_json_rpc(server, "/", service);

  std::printf("listening on http://%s\n", server.address().to_string().c_str());
  std::fflush(stdout);
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("hello_http", "Says hello over HTTP, and adds by JSON-RPC.");
  flags.option("port", "N", "listen on 127.0.0.1:N; 0: any free one", "7085");
  rp::declare_poller(flags);
  return rp::run_program(flags, argc, argv, rp::serve);
}
