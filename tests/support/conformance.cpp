#include "tests/support/conformance.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "rpc/place.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/rpc_texts.h"

namespace rp {

OverTransports::OverTransports() {
  add_examples();
  add_ours();
}

void OverTransports::add_examples() {
  service_.method(
      "subtract", on_loop,
      [](const Params& params) -> Value {
        return params.integer("minuend") - params.integer("subtrahend");
      },
      {.params = {{"minuend", Type::integer}, {"subtrahend", Type::integer}}});
  service_.method("sum", on_loop, [](const Params& params) -> Value {
    std::int64_t sum = 0;
    for (const Value& each : params.value().items()) sum += each.as_int64();
    return sum;
  });
  service_.method("get_data", on_loop, [](const Params& params) -> Value {
    return ArrayBuilder(params.arena()).push("hello").push(5).build();
  });
  for (const char* name : {"update", "notify_hello", "notify_sum"}) {
    service_.method(name, on_loop, [this](Call& call) -> Value {
      noted_.push_back(std::string(call.method()) +
                       to_json(call.params().value()));
      return nullptr;
    });
  }
}

void OverTransports::add_ours() {
  service_.method("fail", on_loop,
                  [](const Params& params) -> Value {
                    throw RpcError(static_cast<int>(params.integer("code")));
                  },
                  {.params = {{"code", Type::integer}}});
  service_.method("throw", on_loop, [](const Params&) -> Value {
    throw std::runtime_error("as promised");
  });
  service_.method(
      "later", on_loop,
      [this](Call, Reply reply) { kept_.push_back(std::move(reply)); },
      {.deadline = std::chrono::seconds(2)});
  service_.method("ask_back", on_loop, [](Call call, Reply reply) {
    call.caller().notify("asking", {});
    call.caller().ask(
        "name", call.params().value(),
        [reply = std::move(reply)](const CallResult& name) mutable {
          name.ok() ? reply.result(name.value) : reply.error(*name.error);
        });
  });
}

// Some wires carry one text a line.
void OverTransports::send(std::string json) {
  std::replace(json.begin(), json.end(), '\n', ' ');
  peer_->send(json);
}

std::string OverTransports::exchange(const std::string& json) {
  send(json);
  return run_until(reactor_, peer_->has(1)) ? peer_->received()[0] : "nothing";
}

::testing::AssertionResult OverTransports::is_silent(const std::string& json) {
  send(json);
  const std::string answer = exchange(request("sum", "[]", "\"behind\""));
  if (answer == result("0", "\"behind\"")) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "answered by " << answer;
}

}  // namespace rp
