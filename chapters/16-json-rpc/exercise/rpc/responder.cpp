#include "rpc/responder.h"

#include <algorithm>
#include <utility>

#include "rpc/wire/json_writer.h"

namespace rp {

namespace {

RpcError parse_error(const JsonError& error) {
  Arena arena;
  const Value data = ObjectBuilder(arena)
                         .add("line", error.line)
                         .add("column", error.column)
                         .add("message", std::string_view(error.message))
                         .build();
  return RpcError(kParseError, std::string(default_message(kParseError)),
                  to_json(data));
}

RpcError invalid(const std::string& reason) {
  return RpcError(kInvalidRequest,
                  std::string(default_message(kInvalidRequest)),
                  to_json(std::string_view(reason)));
}

const Answer& too_long() {
  static const Answer error =
      RpcError(kOverloaded, "the answers of this batch are too long");
  return error;
}

}  // namespace

Responder::Responder(Dispatcher& service,
                     std::shared_ptr<const CallContext> context, Send send,
                     ResponderLimits limits)
    : service_(service),
      context_(std::move(context)),
      send_(std::move(send)),
      limits_(limits),
      lifeline_(std::make_shared<Lifeline>(Lifeline{this})) {
  service_.enlist(*this);
}

Responder::~Responder() {
  lifeline_->responder = nullptr;
  service_.dismiss(*this);
}

void Responder::on_response(Function<void(const Response&)> take) {
  take_response_ = std::move(take);
}

void Responder::receive(std::string_view json) {
  std::unique_ptr<Arena> arena = service_.arenas()->take();
  const Parsed parsed = parse_json(json, *arena, limits_.json);
  if (!parsed) {
    refuse_text(parse_error(*parsed.error));
  } else if (parsed.value.is_array()) {
    receive_batch(parsed.value, *arena);
  } else {
    return receive_one(parsed.value, std::move(arena));
  }
  service_.arenas()->give(std::move(arena));
}

// The arena goes with the call, wherever that runs.
void Responder::receive_one(const Value& value, std::unique_ptr<Arena> arena) {
  const Message message = read_message(value);
  const auto* request = std::get_if<Request>(&message);
  if (request == nullptr) {
    take_other(message, nullptr);
    return service_.arenas()->give(std::move(arena));
  }
  begin(*request,
        Call(context_, std::move(arena), request->method, request->params),
        nullptr, refusal());
}

// What is refused is refused for all members: a batch is taken whole.
void Responder::receive_batch(const Value& batch, Arena& arena) {
  if (batch.size() == 0) return refuse_text(invalid("an empty batch"));
  if (batch.size() > limits_.batch) {
    return refuse_text(invalid("a batch of " + std::to_string(batch.size()) +
                               " members; at most " +
                               std::to_string(limits_.batch) + " are taken"));
  }
  const auto whole = std::make_shared<Batch>();
  const auto refused = refusal();
  for (const Value& member : batch.items()) {
    const Message message = read_message(member);
    if (const auto* request = std::get_if<Request>(&message)) {
      begin(*request, Call(context_, arena, request->method, request->params),
            whole, refused);
    } else {
      take_other(message, whole);
    }
  }
  close_one(whole);
}

void Responder::take_other(const Message& message, const BatchPtr& batch) {
  if (const auto* response = std::get_if<Response>(&message)) {
    if (take_response_) take_response_(*response);
    return;
  }
  const auto& broken = std::get<Invalid>(message);
  service_.count_refused({{}, context_->address, kInvalidRequest});
  if (batch) ++batch->open;
  put(broken.id, invalid(broken.reason), batch);
}

void Responder::refuse_text(const RpcError& error) {
  service_.count_refused({{}, context_->address, error.code});
  put(nullptr, error, nullptr);
}

std::optional<RpcError> Responder::refusal() const {
  if (draining_) return RpcError(kShuttingDown);
  if (is_full()) return RpcError(kOverloaded);
  return std::nullopt;
}

bool Responder::is_too_long(const BatchPtr& batch) const {
  return batch && batch->answers.size() > limits_.answers;
}

void Responder::begin(const Request& request, Call call, const BatchPtr& batch,
                      const std::optional<RpcError>& refusal) {
  call.set_notification(request.is_notification);
  Reply reply = owe(request, batch);
  if (refusal || is_too_long(batch)) {
    const RpcError error = refusal.value_or(RpcError(kOverloaded));
    service_.count_refused({request.method, context_->address, error.code});
    return reply.error(error);
  }
  // A place that throws spoils neither the batch nor the wire.
  service_.reactor().invoke("call", owed_.back().ticket, [&] {
    service_.dispatch(std::move(call), std::move(reply));
  });
}

Reply Responder::owe(const Request& request, const BatchPtr& batch) {
  service_.expect_answers();
  const bool text = request.id.is_string();
  service_.lend_memory(*this);
  owed_.push_back({.ticket = next_ticket_++,
                   .id = text ? Value() : request.id,
                   .id_text = text ? std::string(request.id.as_string()) : "",
                   .id_is_text = text,
                   .batch = batch,
                   .silent = request.is_notification});
  if (batch) ++batch->open;
  return Reply(context_->loop, [life = lifeline_, ticket = owed_.back().ticket](
                                   const Answer& answer) {
    if (life->responder != nullptr) life->responder->settle(ticket, answer);
  });
}

void Responder::settle(std::uint64_t ticket, const Answer& answer) {
  const auto found =
      std::lower_bound(owed_.begin(), owed_.end(), ticket,
                       [](const Owed& owed, std::uint64_t wanted) {
                         return owed.ticket < wanted;
                       });
  if (found == owed_.end() || found->ticket != ticket) return;
  const Owed owed = std::move(*found);
  owed_.erase(found);
  if (owed_.empty()) service_.take_back_memory(*this);
  if (owed.silent) {
    close_one(owed.batch);
  } else {
    const Value id =
        owed.id_is_text ? Value(std::string_view(owed.id_text)) : owed.id;
    put(id, is_too_long(owed.batch) ? too_long() : answer, owed.batch);
  }
  if (on_ended_) on_ended_();
}

void Responder::put(const Value& id, const Answer& answer,
                    const BatchPtr& batch) {
  // Exercise 16.2: a member of a batch adds its answer to the array of all,
  // which begins with the first answer, and is one less that is open.
  if (batch) --batch->open;
  std::string json = service_.reactor().borrow_string();
  write_answer(json, id, answer);
  send_(json);
  service_.reactor().hand_back(std::move(json));
}

void Responder::close_one(const BatchPtr&) {
  // Exercise 16.2: one less is open, if this is of a batch at all. After the
  // last one the array is closed and sent, unless nobody has added to it.
}

// Whoever waits for room sends more meanwhile: that is refused, too.
void Responder::refuse_owed() {
  const bool drained = std::exchange(draining_, true);
  while (!owed_.empty()) {
    settle(owed_.front().ticket, RpcError(kShuttingDown));
  }
  draining_ = drained;
}

}  // namespace rp
