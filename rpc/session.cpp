#include "rpc/session.h"

#include <utility>

namespace rp {

namespace {

std::shared_ptr<const CallContext> context_of(Dispatcher& service,
                                              std::string address,
                                              Headers headers,
                                              std::shared_ptr<AskerLink> link,
                                              bool can_be_asked) {
  return std::make_shared<const CallContext>(
      CallContext{.loop = service.loop(),
                  .arenas = service.arenas(),
                  .link = std::move(link),
                  .address = std::move(address),
                  .headers = std::move(headers),
                  .can_be_asked = can_be_asked,
                  .number = service.number_connection()});
}

// Of what speaks another protocol not even the first character will do.
bool begins_like_a_message(std::string_view json) {
  const std::size_t first = json.find_first_not_of(" \t\r\n");
  return first == json.npos || json[first] == '{' || json[first] == '[';
}

}  // namespace

Session::Session(Dispatcher& service, std::string address, SessionLimits limits,
                 Headers headers, bool can_be_asked)
    : reactor_(service.reactor()),
      capacity_(limits.capacity),
      link_(std::make_shared<AskerLink>(AskerLink{this})),
      responder_(
          service,
          context_of(service, std::move(address), std::move(headers), link_,
                     can_be_asked),
          [this](std::string_view json) { put_out(json); }, limits) {
  responder_.on_response(
      [this](const Response& response) { requester().take(response); });
  responder_.on_ended([this] { update(); });
}

Session::~Session() {
  link_->asker = nullptr;
  wire_ = nullptr;
  responder_.on_ended({});
  if (requester_) requester_->on_change({});
}

// Most sessions only answer; those need not weigh more.
Requester& Session::requester() {
  if (requester_) return *requester_;
  requester_ = std::make_unique<Requester>(
      reactor_, [this](std::string_view json) { put_out(json); });
  requester_->on_change([this] { update(); });
  return *requester_;
}

void Session::fail_pending(std::string why) {
  if (strange_) why += ", and what it sent was no JSON-RPC";
  if (requester_) requester_->fail_all(RpcError(kWorkerLost, std::move(why)));
}

void Session::attach(Wire& wire) {
  wire_ = &wire;
  for (const std::string& json : std::exchange(waiting_, {})) wire.send(json);
  update();
}

void Session::put_out(std::string_view json) {
  if (wire_ != nullptr) return wire_->send(json);
  if (lost_) return;
  waiting_bytes_ += json.size();
  waiting_.emplace_back(json);
}

std::optional<RpcError> Session::cannot_ask() const {
  if (lost_) return RpcError(kWorkerLost, "the connection has ended");
  if (deaf_) return RpcError(kWorkerLost, "the peer has ended its input");
  if (wire_ != nullptr || waiting_bytes_ <= capacity_) return {};
  return RpcError(kOverloaded, "not connected yet, and too much waits");
}

void Session::ask(std::string_view method, const Value& params, Done done,
                  Duration timeout) {
  const auto refusal = cannot_ask();
  if (!refusal) {
    return requester().ask(method, params, std::move(done), timeout);
  }
  reactor_.at_phase_end([done = std::move(done), refusal]() mutable {
    done({refusal, {}});
  });
}

void Session::notify(std::string_view method, const Value& params) {
  if (const auto refusal = cannot_ask()) throw *refusal;
  requester().notify(method, params);
}

// Reading is judged when the message, a batch perhaps, is taken whole.
void Session::receive(std::string_view json) {
  strange_ = strange_ || !begins_like_a_message(json);
  receiving_ = true;
  responder_.receive(json);
  receiving_ = false;
  update();
}

void Session::end_of_input() {
  deaf_ = true;
  fail_pending("the peer has ended its input");
  finish();
}

void Session::finish() {
  ending_ = true;
  update();
}

void Session::drain() {
  responder_.drain();
  finish();
}

void Session::lost(std::string_view why) {
  wire_ = nullptr;
  lost_ = true;
  link_->asker = nullptr;
  fail_pending(std::string(why));
}

// Messages that wait with the wire are taken, and answered, before the end.
void Session::update() {
  if (receiving_) return;
  if (wire_ != nullptr) wire_->set_reading(takes_more());
  caught_up();
}

void Session::caught_up() {
  if (wire_ != nullptr && ending_ && is_quiet()) wire_->finish();
}

}  // namespace rp
