#include "examples/server_logs.h"

#include <unistd.h>

#include <chrono>
#include <string>

namespace rp {
namespace {

using Form = AccessLog::Form;

// The page takes it for a gap.
std::string lost_events(std::uint64_t lost) {
  return "# skipped " + std::to_string(lost) + "\n";
}

}  // namespace

ServerLogs::ServerLogs(Reactor& reactor, const Flags& given) {
  const std::string form = given.choice("log", {"text", "json", "off"});
  if (given.has("trace")) {
    trace_.emplace(LineLog::open(given.text("trace")),
                   LineLog::Options{.name = "trace", .tell_lost = lost_events});
  }
  if (form != "off") {
    const bool json = form == "json";
    lines_.emplace(
        STDOUT_FILENO,
        LineLog::Options{.tell_lost = json ? AccessLog::lost_as_json
                                           : AccessLog::lost_as_text});
    access_.emplace(*lines_, json ? Form::json : Form::text);
  }
  for (const LineLog* log : all()) losses_.emplace_back(*log);
  reactor.run_every(std::chrono::seconds(1), [this] {
    for (LogLosses& log : losses_) tell_loss(log.look());
  });
}

ServerLogs::~ServerLogs() {
  if (trace_) trace_->end();
  if (lines_) lines_->end();
  for (LogLosses& log : losses_) tell_loss(log.rest());
}

std::vector<const LineLog*> ServerLogs::all() const {
  std::vector<const LineLog*> all;
  if (trace_) all.push_back(&*trace_);
  if (lines_) all.push_back(&*lines_);
  return all;
}

void ServerLogs::listen(Dispatcher& service, Status& status,
                        HttpServer* server) {
  if (!access_) return;
  status.methods().on_answered(
      [this](const MethodWatch::Answered& call) { access_->rpc(call); });
  service.on_refused([this](const Dispatcher::RefusedCall& call) {
    access_->rpc(
        {.method = call.method, .address = call.address, .code = call.code});
  });
  if (server == nullptr) return;
  server->on_answered(
      [this](const HttpExchange& exchange) { access_->http(exchange); });
}

}  // namespace rp
