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

std::string host_of(const Address& address) {
  const std::string text = address.to_string();
  return text.substr(0, text.rfind(':'));
}

// Who connects to it arrives at this machine.
bool is_any(const Address& address) {
  return host_of(address) == "0.0.0.0" || host_of(address) == "[::]";
}

// Of the addresses of this machine only those of loopback are known here.
bool is_same(const Address& server, const Address& here) {
  if (server.to_string() == here.to_string()) return true;
  const bool local = server.is_loopback() || is_any(server);
  return local && server.family() == here.family() &&
         server.port() == here.port() && (is_any(server) || is_any(here));
}

void check(const Address& server, const Address& here) {
  const std::string text = "--to: " + server.to_string();
  if (server.path().empty() && server.port() == 0) {
    throw UsageError(text + " is not a port that can be dialed");
  }
  if (is_same(server, here)) throw UsageError(text + " is the proxy itself");
}

void complain(const std::string& what) {
  std::fprintf(stderr, "proxy: %s\n", what.c_str());
}

int serve(const Flags& given) {
  const Address wanted = given.address("listen");
  const Address server = given.address("to");
  check(server, wanted);
  ProxyLimits limits;
  limits.idle = given.duration("idle");
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor, stdout, given.duration("drain"));
  report_refusals(reactor, "proxy");

  UniqueFd listening = listen_on(wanted);
  const Address here = local_address(listening.get());
  auto make = [server, limits](UniqueFd fd, const Address& peer) {
    return ProxyEnd::dialing(std::move(fd), peer, {server}, limits, complain);
  };
  Acceptor::start(reactor, std::move(listening), make);
  warn_if_open("proxy", here, "reach the server");
  announce(on_wire("tcp", here) + ", for " + server.to_string());
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
  flags.option("idle", "TIME",
               "closed when nothing moves for so long; 0s: never", "60s");
  flags.option("drain", "TIME",
               "how long those who are joined have to finish after SIGTERM or "
               "Ctrl-C; a second one ends at once",
               "10s");
  rp::declare_poller(flags);
  return rp::run_program(flags, argc, argv, rp::serve);
}
