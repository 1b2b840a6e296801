#include "rpc/reply.h"

#include <cxxabi.h>

#include <cstdio>
#include <cstdlib>
#include <typeinfo>
#include <utility>

#include "rpc/wire/json_writer.h"

namespace rp {

namespace {

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : name;
}

RpcError handler_failed(std::string_view type, std::string_view message) {
  Arena arena;
  const Value data =
      ObjectBuilder(arena).add("type", type).add("message", message).build();
  return RpcError(kHandlerFailed, "the handler failed", to_json(data));
}

RpcError unanswered() {
  return RpcError(kHandlerFailed, "the handler ended without an answer");
}

}  // namespace

RpcError error_from(std::exception_ptr thrown) {
  // Exercise 16.3: an RpcError is the answer itself; of a std::exception its
  // type, readable, and its message are told; of anything else that it is "?"
  // and "not a std::exception".
  static_cast<void>(thrown);
  static_cast<void>(demangled);
  return handler_failed("unknown", "unknown");
}

void write_answer(std::string& out, const Value& id, const Answer& answer) {
  if (const auto* value = std::get_if<Value>(&answer)) {
    write_result(out, id, *value);
  } else if (const auto* json = std::get_if<std::string>(&answer)) {
    write_result_text(out, id, *json);
  } else {
    write_error(out, id, std::get<RpcError>(answer));
  }
}

Reply::Reply(Mailbox loop, Sink sink)
    : loop_(std::move(loop)),
      home_(std::this_thread::get_id()),
      sink_(std::move(sink)) {}

Reply::Reply(std::shared_ptr<SharedReply> shared)
    : shared_(std::move(shared)) {}

Reply::Reply(Reply&& other) noexcept
    : loop_(std::move(other.loop_)),
      home_(other.home_),
      sink_(std::move(other.sink_)),
      shared_(std::move(other.shared_)) {}

Reply& Reply::operator=(Reply&& other) noexcept {
  if (this == &other) return *this;
  drop();
  loop_ = std::move(other.loop_);
  home_ = other.home_;
  sink_ = std::move(other.sink_);
  shared_ = std::move(other.shared_);
  return *this;
}

Reply::~Reply() { drop(); }

void Reply::drop() {
  if (shared_) return std::exchange(shared_, nullptr)->dropped_unused();
  if (sink_) error(unanswered());
}

void Reply::result(const Value& value) { answer(value); }

void Reply::error(RpcError error) { answer(std::move(error)); }

void Reply::answer(Answer answer) {
  if (shared_) {
    Reply first = std::exchange(shared_, nullptr)->take();
    if (first) first.answer(std::move(answer));
    return;
  }
  if (!sink_) {
    std::fputs("rp::Reply: answered twice\n", stderr);
    std::abort();
  }
  Sink sink = std::move(sink_);
  if (std::this_thread::get_id() == home_) return sink(std::move(answer));
  if (const auto* value = std::get_if<Value>(&answer)) answer = to_json(*value);
  loop_->post([sink = std::move(sink), answer = std::move(answer)]() mutable {
    sink(std::move(answer));
  });
}

Reply SharedReply::take() {
  Lock lock(mutex_);
  return std::move(reply_);
}

Reply SharedReply::for_handler(const std::shared_ptr<SharedReply>& shared) {
  return Reply(shared);
}

void SharedReply::end_handler() {
  Reply lost;
  Lock lock(mutex_);
  in_handler_ = false;
  // It threw, caught it, and lost the reply on the way: nobody else answers.
  if (lost_in_flight_) lost = std::move(reply_);
}

void SharedReply::dropped_unused() {
  Reply unused;
  Lock lock(mutex_);
  if (in_handler_ && std::uncaught_exceptions() > 0) {
    lost_in_flight_ = true;
  } else {
    unused = std::move(reply_);
  }
}

}  // namespace rp
