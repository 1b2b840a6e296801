// Sends back what it is sent, to as many as come.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "reactor/acceptor.h"
#include "reactor/connection.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"
#include "rpc/http_server.h"
#include "rpc/websocket_server.h"

namespace rp {
namespace {

class Echo : public Connection {
 public:
  using Connection::Connection;

 protected:
  void on_data(std::string_view bytes) override { send(bytes); }
};

class WebSocketEcho : public WebSocketPeer {
  void on_text(std::string_view text) override { send_text(text); }
  void on_binary(std::string_view bytes) override { send_binary(bytes); }
};

std::unique_ptr<Connection> make_echo(UniqueFd fd, const Address& peer) {
  return std::make_unique<Echo>(std::move(fd), peer);
}

void serve_streams(Reactor& reactor, const Address& wanted) {
  UniqueFd listening = listen_on(wanted);
  const Address here = local_address(listening.get());
  Acceptor::start(reactor, std::move(listening), make_echo);
  announce(on_wire("tcp", here));
  reactor.run();
}

void serve_websockets(Reactor& reactor, const Address& wanted) {
  HttpServer server(reactor, wanted);
  serve_websocket(server, "/*", [](const HttpRequest&) {
    return std::make_unique<WebSocketEcho>();
  });
  announce(on_wire("ws", server.address()));
  reactor.run();
}

int serve(const Flags& given) {
  const Address wanted = local_port(given, "port");
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor, stdout);
  report_refusals(reactor, "echo_server");
  given.has("websocket") ? serve_websockets(reactor, wanted)
                         : serve_streams(reactor, wanted);
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("echo_server", "Sends back what it is sent.");
  flags.option("port", "N", "listen on 127.0.0.1:N; 0: any free one", "7001");
  flags.toggle("websocket", "echo WebSocket messages, on every path");
  rp::declare_poller(flags);
  flags.help_ends_with(rp::help_on_signals);
  return rp::run_program(flags, argc, argv, rp::serve);
}
