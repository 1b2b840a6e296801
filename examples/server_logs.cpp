#include "examples/server_logs.h"

#include <unistd.h>

#include <string>

namespace rp {
namespace {

using Form = AccessLog::Form;

std::string lost_as_event(std::uint64_t lost) {
  return to_string({.phase = "-", .lane = "log", .what = "lost", .id = lost}) +
         "\n";
}

}  // namespace

ServerLogs::ServerLogs(const Flags& given) {
  const std::string form = given.choice("log", {"text", "json", "off"});
  if (given.has("trace")) {
    trace_.emplace(LineLog::open(given.text("trace")),
                   LineLog::Options{.tell_lost = lost_as_event});
  }
  if (form == "off") return;
  const bool json = form == "json";
  lines_.emplace(STDOUT_FILENO,
                 LineLog::Options{.tell_lost = json ? AccessLog::lost_as_json
                                                    : AccessLog::lost_as_text});
  access_.emplace(*lines_, json ? Form::json : Form::text);
}

std::vector<const LineLog*> ServerLogs::all() const {
  std::vector<const LineLog*> all;
  if (trace_) all.push_back(&*trace_);
  if (lines_) all.push_back(&*lines_);
  return all;
}

void ServerLogs::listen(Status& status, HttpServer* server) {
  if (!access_) return;
  status.methods().on_answered(
      [this](const MethodWatch::Answered& call) { access_->rpc(call); });
  if (server == nullptr) return;
  server->on_answered(
      [this](const HttpExchange& exchange) { access_->http(exchange); });
}

}  // namespace rp
