#include "rpc/in_process.h"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "rpc/in_pool.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"

namespace rp {

namespace {

RpcError nonsense(const std::string& what) {
  return RpcError(kInternalError, "the process did not answer: " + what);
}

// The response's values stay in the arena, where the reply finds them.
Answer read_answer(std::string_view line, std::uint64_t id, Arena& arena) {
  const Parsed parsed = parse_json(line, arena);
  if (!parsed) return nonsense(parsed.error->message);
  const Message message = read_message(parsed.value);
  if (std::holds_alternative<Request>(message)) {
    return RpcError(kInternalError, "a process cannot ask its caller");
  }
  const auto* response = std::get_if<Response>(&message);
  if (response == nullptr) return nonsense(std::get<Invalid>(message).reason);
  const Value& theirs = response->id;
  if (theirs.kind() != Kind::kInteger ||
      theirs.as_int64() != static_cast<std::int64_t>(id)) {
    return nonsense("a response with the id of another call");
  }
  if (response->ok) return response->result;
  return to_error(response->error);
}

RpcError error_of(const Outcome<std::string>& outcome) {
  if (outcome.fate() == Fate::failed) {
    return RpcError(kWorkerLost, outcome.message());
  }
  return *rp::error_of(Settled{outcome.fate(), nullptr});
}

class ProcessPlace : public Place {
 public:
  ProcessPlace(ProcessWorkers& workers, std::optional<Duration> deadline)
      : workers_(workers), deadline_(deadline) {}

  void take(Call call, Reply reply) override {
    const std::uint64_t id = ++last_id_;
    std::string line;
    write_request(line, call.method(), call.params().value(), id);
    workers_.submit(
        std::move(line),
        [id, arenas = call.context().arenas,
         reply = std::move(reply)](Outcome<std::string> outcome) mutable {
          if (!outcome.ok()) return reply.error(error_of(outcome));
          std::unique_ptr<Arena> arena = arenas->take();
          reply.answer(read_answer(outcome.value(), id, *arena));
          arenas->give(std::move(arena));
        },
        deadline_);
  }

 private:
  ProcessWorkers& workers_;
  std::optional<Duration> deadline_;
  std::uint64_t last_id_ = 0;
};

}  // namespace

std::unique_ptr<Place> InProcess::place(Reactor&, Handler,
                                        const MethodOptions& options) const {
  if (options.in_order) {
    throw std::invalid_argument("in a process calls cannot be kept in order");
  }
  const auto deadline = options.deadline ? options.deadline : deadline_;
  return std::make_unique<ProcessPlace>(workers_, deadline);
}

}  // namespace rp
