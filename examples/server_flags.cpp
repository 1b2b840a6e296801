#include "examples/server_flags.h"

#include <algorithm>
#include <string>

#include "examples/demo_methods.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "rpc/dispatcher.h"
#include "rpc/in_process.h"

namespace rp {
namespace {

constexpr std::size_t kWidthOfNames = 17;

std::string help_on_methods() {
  Reactor reactor;
  Dispatcher service(reactor);
  register_demo_methods(service, on_loop, on_loop);
  std::string text = "\nThe methods:\n";
  for (const auto& method : service.methods()) {
    const std::size_t width = std::max(method->name.size(), kWidthOfNames);
    text += "  " + method->name + std::string(width - method->name.size(), ' ');
    text += "  " + method->summary + "\n";
  }
  return text;
}

void declare_worker(Flags& flags) {
  flags.toggle(
      "worker",
      "answer on standard output what comes on standard input, by "
      "default with select: for the server, of which it is a child, "
      "for an editor or any other process; no deadline interrupts it, a "
      "message has at most " +
          std::to_string(InProcess::kLongestRequest) + " bytes");
  flags.option("framing", "lines|content-length",
               "with --worker: how messages are told apart; editors use "
               "content-length, and can be asked, which with lines is -32603",
               "lines");
}

}  // namespace

Flags server_flags() {
  Flags flags(
      "rpc_server",
      "Answers JSON-RPC 2.0, one JSON text a line or over HTTP. Without "
      "--tcp, --unix and --http it listens on tcp 127.0.0.1:7000.");
  flags.option("tcp", "HOST:PORT", "listen on this TCP port; 0: any");
  flags.option("unix", "PATH", "listen on this Unix socket");
  flags.option("http", "HOST:PORT",
               "listen on this port for HTTP and WebSocket: the page /, /rpc, "
               "/metrics, /healthz");
  declare_host(flags, "with --http: ");
  flags.option("workers", "N", "threads of the pool", "4");
  flags.option("processes", "N", "child processes, for what may crash", "2");
  flags.option("queue", "N", "jobs that may wait for a worker", "1024");
  flags.option("lanes", "METHOD=N,...",
               "at most N workers of the pool for this method");
  flags.option("deadline", "TIME",
               "for methods off the loop with none of their own; 0s: each of "
               "their calls is answered with -32001 at once",
               "2s");
  flags.option(
      "drain", "TIME",
      "how long to finish after SIGTERM or Ctrl-C; a second one ends at once",
      "10s");
  flags.option("slow", "TIME", "report callbacks of the loop that take longer",
               "100ms");
  flags.option("log", "text|json|off",
               "a line on standard output for each call of a method and each "
               "HTTP exchange at its end; with json, other messages go to "
               "standard error",
               "off");
  flags.option("trace", "FILE",
               "write down what the loop and its workers do, an event a line");
  declare_worker(flags);
  declare_poller(flags);
  flags.help_ends_with(help_on_methods);
  return flags;
}

std::size_t number_of(const Flags& given, const char* flag, std::int64_t most) {
  return static_cast<std::size_t>(given.integer(flag, 1, most));
}

AcceptorLimits connection_limits(const Flags& given) {
  AcceptorLimits limits;
  const std::size_t room =
      descriptors_left(given, number_of(given, "processes", kMostWorkers));
  const auto wires =
      std::size_t{given.has("tcp")} + given.has("unix") + given.has("http");
  const std::size_t share = room / std::max<std::size_t>(wires, 1);
  limits.connections = std::clamp<std::size_t>(share, 1, limits.connections);
  return limits;
}

}  // namespace rp
