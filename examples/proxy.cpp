// Stands between clients and a server, and is noticed by neither.

#include "reactor/proxy.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "reactor/acceptor.h"
#include "reactor/reactor.h"
#include "reactor/socket.h"

namespace rp {
namespace {

void complain(const std::string& what) {
  std::fprintf(stderr, "proxy: %s\n", what.c_str());
}

int serve(const Flags& given) {
  const Address wanted = given.address("listen");
  const Address server = given.address("to");
  if (server.to_string() == wanted.to_string()) {
    throw UsageError("--to: " + server.to_string() + " is the proxy itself");
  }
  ProxyLimits limits;
  limits.idle = given.duration("idle");
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor);
  report_refusals(reactor, "proxy");

  UniqueFd listening = listen_on(wanted);
  const Address here = local_address(listening.get());
  auto make = [server, limits](UniqueFd fd, const Address& peer) {
    return ProxyEnd::dialing(std::move(fd), peer, {server}, limits, complain);
  };
  Acceptor::start(reactor, std::move(listening), make);
  warn_if_open("proxy", here, "reach the server");
  const std::string path = here.path();
  announce((path.empty() ? "tcp " + here.to_string() : "unix " + path) +
           ", for " + server.to_string());
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("proxy", "Joins each client to a server of its own.");
  flags.option("listen", "ADDRESS", "HOST:PORT or unix:PATH; port 0: any",
               "127.0.0.1:7002");
  flags.option("to", "ADDRESS", "where the server listens");
  flags.option("idle", "TIME", "closed when nothing moves for so long", "60s");
  rp::declare_poller(flags);
  return rp::run_program(flags, argc, argv, rp::serve);
}
