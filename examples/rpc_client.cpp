// Calls a method of a JSON-RPC server: once, many times, or a whole batch.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>

#include "examples/flags.h"
#include "examples/load.h"
#include "examples/send_text.h"
#include "examples/server_url.h"
#include "examples/terminal_text.h"
#include "reactor/signals.h"
#include "reactor/socket.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

Flags command_line() {
  Flags flags("rpc_client",
              "Calls METHOD of the server at URL and prints its result. PARAMS "
              "is a JSON array or object. An error of the server goes to "
              "standard error; the exit status is then 1.");
  flags.toggle("notify", "send a notification: there is no answer");
  flags.toggle("batch",
               "send standard input, one JSON text, and print the answer; "
               "without METHOD and --notify");
  flags.option("count", "N",
               "call so many times and print a summary; not with --notify or "
               "--batch");
  flags.option("connections", "N", "with --count: over so many connections",
               "1");
  flags.option("in-flight", "N",
               "with --count: calls at once, a connection; over HTTP they wait "
               "for each other",
               "1");
  flags.option("timeout", "TIME", "how long to wait for an answer", "30s");
  flags.argument(
      "URL",
      "tcp://HOST:PORT, unix:PATH, http://HOST:PORT[/PATH] or "
      "ws://HOST:PORT[/PATH]; PATH is rpc unless told otherwise; HOST:PORT "
      "alone is tcp");
  flags.argument("[METHOD]", "the method to call");
  flags.argument("[PARAMS]", "its parameters, as JSON");
  return flags;
}

std::string params_of(const Flags& given) {
  if (!given.has("PARAMS")) return {};
  Arena arena;
  std::string text = given.text("PARAMS");
  const Parsed parsed = parse_json(text, arena);
  if (!parsed) {
    throw UsageError("PARAMS: " + std::to_string(parsed.error->line) + ":" +
                     std::to_string(parsed.error->column) + ": " +
                     parsed.error->message);
  }
  if (!parsed.value.is_array() && !parsed.value.is_object()) {
    throw UsageError("PARAMS: must be an array or an object, not " +
                     std::string(kind_name(parsed.value.kind())));
  }
  return text;
}

LoadPlan plan_of(const Flags& given) {
  LoadPlan plan;
  plan.server = ServerUrl::parse(given.text("URL"));
  plan.method = given.text("METHOD");
  plan.params = params_of(given);
  if (given.has("count")) {
    plan.count =
        static_cast<std::uint64_t>(given.integer("count", 1, 1'000'000'000));
  }
  plan.connections =
      static_cast<std::size_t>(given.integer("connections", 1, 10'000));
  plan.in_flight =
      static_cast<std::size_t>(given.integer("in-flight", 1, 10'000));
  plan.timeout = given.duration("timeout");
  return plan;
}

// What the server may ask us.
void register_own_methods(Dispatcher& own) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here changes it.
  const char* user = std::getenv("USER");
  const std::string_view name = user != nullptr ? user : "rpc_client";
  own.method("your_name", on_loop,
             [name](const Params&) -> Value { return name; });
}

int print(const ServerUrl& server, const CallResult& result) {
  if (result.ok()) {
    print_line(to_json(result.value));
    return 0;
  }
  std::cerr << "rpc_client: error " << result.error->code << ": "
            << escaped_for_terminal(result.error->message)
            << hint_for(server, result.error->message);
  if (!result.error->data.empty()) {
    std::cerr << " " << escaped_for_terminal(result.error->data);
  }
  std::cerr << std::endl;
  return 1;
}

int call_once(Reactor& reactor, Dispatcher& own, const LoadPlan& plan) {
  int status = 1;
  Arena arena;
  const Value params =
      plan.params.empty() ? Value() : parse_json(plan.params, arena).value;
  const auto client = connect(own, plan.server);
  client->ask(
      plan.method, params,
      [&](const CallResult& result) {
        status = print(plan.server, result);
        reactor.stop();
      },
      plan.timeout);
  reactor.run();
  return status;
}

int call_often(Reactor& reactor, Dispatcher& own, const LoadPlan& plan) {
  Load load(own, plan);
  const bool seen = ::isatty(STDERR_FILENO) != 0;
  if (seen) {
    load.on_progress([&plan](std::uint64_t done) {
      std::cerr << "\r" << done << " of " << plan.count << std::flush;
    });
  }
  reactor.run([&load] { load.start(); });
  if (seen) std::cerr << "\r\033[K";
  std::cout << load.report();
  return load.all_ok() ? 0 : 1;
}

int send_batch(Reactor& reactor, const Flags& given) {
  const ServerUrl server = ServerUrl::parse(given.text("URL"));
  std::string text{std::istreambuf_iterator<char>(std::cin),
                   std::istreambuf_iterator<char>()};
  if (std::ferror(stdin) != 0) throw_errno("read standard input");
  if (text.find_first_not_of(" \t\r\n") == text.npos) {
    throw std::runtime_error("standard input is empty");
  }
  send_text(reactor, server, std::move(text), given.duration("timeout"));
  return 0;
}

int notify(Reactor& reactor, const LoadPlan& plan) {
  Arena arena;
  std::string text;
  const Value params =
      plan.params.empty() ? Value() : parse_json(plan.params, arena).value;
  write_notification(text, plan.method, params);
  send_text(reactor, plan.server, std::move(text), plan.timeout);
  return 0;
}

void refuse_both(const Flags& given, const std::string& one,
                 const std::string& other) {
  if (!given.has(one) || !given.has(other)) return;
  throw UsageError("--" + one + " does not go with --" + other);
}

void check_flags(const Flags& given) {
  refuse_both(given, "batch", "notify");
  refuse_both(given, "count", "notify");
  refuse_both(given, "count", "batch");
  if (given.has("batch") && given.has("METHOD")) {
    throw UsageError("--batch: METHOD is not for a batch");
  }
  for (const std::string& name : given.names_given()) {
    const bool is_of_load = name == "connections" || name == "in-flight";
    if (is_of_load && !given.has("count")) {
      throw UsageError("--" + name + " goes with --count");
    }
  }
}

int run_client(const Flags& given) {
  check_flags(given);
  Signals::ignore_broken_pipes();
  Reactor reactor;
  Dispatcher own(reactor);
  register_own_methods(own);
  if (given.has("batch")) return send_batch(reactor, given);
  const LoadPlan plan = plan_of(given);
  if (given.has("notify")) return notify(reactor, plan);
  return given.has("count") ? call_often(reactor, own, plan)
                            : call_once(reactor, own, plan);
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags = rp::command_line();
  return rp::run_program(flags, argc, argv, rp::run_client);
}
