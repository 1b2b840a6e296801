#include "examples/worker_mode.h"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "examples/demo_methods.h"
#include "examples/end_on_signals.h"
#include "examples/poller_flag.h"
#include "reactor/select_poller.h"
#include "rpc/discover.h"
#include "rpc/in_process.h"
#include "rpc/stdio.h"

namespace rp {
namespace {

// By default select: it takes files, too, and there are two descriptors.
std::unique_ptr<Poller> poller_of_worker(const Flags& given) {
  bool chosen = false;
  for (const std::string& name : given.names_given()) {
    if (name == "poller") chosen = true;
    if (name != "poller" && name != "worker" && name != "framing") {
      throw UsageError(
          "--worker goes with --poller and --framing only, not with --" + name);
    }
  }
  if (chosen) return chosen_poller(given);
  return std::make_unique<SelectPoller>();
}

Stdio::Options stdio_options(const Flags& given) {
  const bool editor =
      given.choice("framing", {"lines", "content-length"}) == "content-length";
  return {.limits = {.line = InProcess::kLongestRequest},
          .framing =
              editor ? Stdio::Framing::content_length : Stdio::Framing::lines,
          .can_be_asked = editor};
}

void register_discovery(Dispatcher& service) {
  const auto discover = [&service](const Params& params) {
    return openrpc_document(service, kServiceInfo, params.arena());
  };
  service.method("rpc.discover", on_loop, discover,
                 {.summary = "this service as an OpenRPC document"});
}

void judge(CloseReason end) {
  switch (end) {
    case CloseReason::protocol:
      throw std::runtime_error("the input is no sequence of messages");
    case CloseReason::reset:
      throw std::runtime_error(
          "reading the input or writing the output failed");
    case CloseReason::overflow:
      throw std::runtime_error("the output is not read");
    case CloseReason::too_slow:
      throw std::runtime_error("a message takes too long to arrive");
    default:
      return;
  }
}

}  // namespace

void report_error(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    std::fprintf(stderr, "rpc_server: error: %s\n", thrown.what());
  } catch (...) {
    std::fputs("rpc_server: error: not a std::exception\n", stderr);
  }
}

int serve_parent(const Flags& given) {
  Reactor reactor(poller_of_worker(given));
  reactor.on_error(report_error);
  end_on_signals(reactor);
  Dispatcher service(reactor);
  register_demo_methods(service, on_loop, on_loop);
  register_discovery(service);
  CloseReason end = CloseReason::peer;
  Stdio::start(
      service,
      [&](CloseReason reason) {
        end = reason;
        reactor.stop();
      },
      stdio_options(given));
  reactor.run();
  judge(end);
  return 0;
}

}  // namespace rp
