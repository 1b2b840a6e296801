// The demonstration server: fast methods on the loop, slow ones in the pool,
// dangerous ones in a process, which is this program again.

#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "examples/demo_methods.h"
#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/hands.h"
#include "examples/lanes_flag.h"
#include "examples/listening.h"
#include "examples/losses.h"
#include "examples/poller_flag.h"
#include "examples/server_flags.h"
#include "examples/server_logs.h"
#include "examples/window.h"
#include "examples/worker_mode.h"
#include "pool/live_trace.h"
#include "rpc/in_pool.h"
#include "rpc/in_process.h"
#include "rpc/status.h"
#include "rpc/tcp_server.h"

namespace rp {
namespace {

void tell_slow_callback(const LoopWatch::Slow& slow) {
  const std::string name =
      slow.name.empty() ? "the callback \"" + slow.what + "\"" : slow.name;
  const auto length =
      std::chrono::floor<std::chrono::milliseconds>(slow.length);
  std::fprintf(stderr, "rpc_server: %s kept the loop for %lld ms\n",
               name.c_str(), static_cast<long long>(length.count()));
}

// A log as JSON has standard output for itself.
std::FILE* notices(const Flags& given) {
  return given.text("log") == "json" ? stderr : stdout;
}

std::vector<Address> addresses_of_lines(const Flags& given) {
  std::vector<Address> addresses;
  if (given.has("tcp")) addresses.push_back(ip_address(given, "tcp"));
  if (given.has("unix")) {
    addresses.push_back(given.unix_path("unix"));
  }
  if (addresses.empty() && !given.has("http")) {
    addresses.push_back(Address::ip("127.0.0.1", 7000));
  }
  return addresses;
}

using Servers = std::deque<TcpServer>;

void listen(Servers& servers, Dispatcher& service, const Flags& given) {
  const TcpServer::Limits limits{.acceptor = connection_limits(given)};
  for (const Address& address : addresses_of_lines(given)) {
    warn_if_open("rpc_server", address, "call");
    servers.emplace_back(service, address, limits);
    announce(on_wire("tcp", servers.back().address()), notices(given));
  }
}

std::unique_ptr<HttpServer> window_of(Dispatcher& service, Status& status,
                                      const Flags& given) {
  if (!given.has("http")) return nullptr;
  warn_if_open("rpc_server", ip_address(given, "http"), "call");
  auto window = open_window(service, status, given);
  announce_page(window->address(), notices(given));
  return window;
}

// Returns how many workers are left alone in a job that never ended.
std::size_t serve(const Flags& given) {
  const Lanes::Options kinds = lanes_of(given, queue_of(given));
  const Duration deadline = given.duration("deadline");
  const Duration slow = given.duration("slow", std::chrono::milliseconds(1));
  std::FILE* out = notices(given);
  Reactor reactor(chosen_poller(given));
  reactor.on_error(report_error);
  end_on_signals(reactor, out, given.duration("drain"));
  ServerLogs logs(reactor, given);
  LiveTrace trace(reactor, {}, logs.trace());
  Hands hands(reactor, given, kinds, trace);
  Dispatcher service(reactor);
  register_demo_methods(service, InPool(hands.deadlines, deadline),
                        InProcess(hands.processes, deadline));
  check_lanes(kinds, service);
  Status::Parts parts = hands.parts();
  parts.trace = &trace;
  parts.logs = logs.all();
  Status status(service, parts,
                {.name = kServiceInfo.title, .version = kServiceInfo.version});
  reactor.on_slow_callback(slow, [&](const TraceEvent& event) {
    const LoopWatch::Slow* const known = status.slow(event);
    if (known == nullptr) return;  // the one inside it was told
    tell_slow_callback(*known);
    if (!known->name.empty()) trace.name_call(event, known->name);
  });
  Losses losses(reactor, hands.threads, hands.processes);
  report_refusals(reactor, "rpc_server");
  Servers servers;
  listen(servers, service, given);
  const auto window = window_of(service, status, given);
  logs.listen(service, status, window.get());
  reactor.run();
  const std::size_t stuck = hands.threads.drop();
  losses.report_rest();
  std::fputs("stopped\n", out);
  return stuck;
}

void check_flags(const Flags& given) {
  for (const std::string& name : given.names_given()) {
    if (name == "framing") throw UsageError("--framing goes with --worker");
    if (name == "host" && !given.has("http")) {
      throw UsageError("--host goes with --http");
    }
  }
  // Before a child has started or the file of a trace is made anew.
  addresses_of_lines(given);
  if (given.has("http")) ip_address(given, "http");
  options_of_hosts(given);
  number_of(given, "workers", kMostWorkers);
  number_of(given, "processes", kMostWorkers);
}

int serve_and_leave(const Flags& given) {
  if (given.has("worker")) return serve_parent(given);
  check_flags(given);
  if (serve(given) == 0) return 0;
  leave(given, 0);
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags = rp::server_flags();
  return rp::run_program(flags, argc, argv, rp::serve_and_leave);
}
