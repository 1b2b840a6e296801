#include "rpc/in_process.h"

#include <cstdint>
#include <exception>
#include <memory>
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

RpcError too_long() {
  return RpcError(kInvalidRequest,
                  "the request is longer, for a process, than " +
                      std::to_string(InProcess::kLongestRequest) + " bytes");
}

// The response's values stay in the arena. Throws what the caller is told when
// the line is not the answer.
Answer read_answer(std::string_view line, std::uint64_t id, Arena& arena) {
  const Parsed parsed = parse_json(line, arena);
  if (!parsed) throw nonsense(parsed.error->message);
  const Message message = read_message(parsed.value);
  if (std::holds_alternative<Request>(message)) {
    throw RpcError(kInternalError, "a process cannot ask its caller");
  }
  const auto* response = std::get_if<Response>(&message);
  if (response == nullptr) throw nonsense(std::get<Invalid>(message).reason);
  const Value& theirs = response->id;
  if (theirs.kind() == Kind::kNull && !response->ok) {
    throw nonsense(to_error(response->error).message);
  }
  if (theirs.kind() != Kind::kInteger ||
      theirs.as_int64() != static_cast<std::int64_t>(id)) {
    throw nonsense("a response with the id of another call");
  }
  if (response->ok) return response->result;
  return to_error(response->error);
}

RpcError error_of(const Outcome<std::string>& outcome) {
  if (outcome.fate() != Fate::failed) {
    return *rp::error_of(Settled{outcome.fate(), nullptr});
  }
  try {
    std::rethrow_exception(outcome.error());
  } catch (const RpcError& error) {
    return error;
  } catch (...) {
    return RpcError(kWorkerLost, outcome.message());
  }
}

// A call on its way, and its answer in an arena until that is told.
class Question {
 public:
  Question(std::uint64_t id, std::shared_ptr<ArenaPool> arenas, Reply reply)
      : id_(id), arenas_(std::move(arenas)), reply_(std::move(reply)) {}
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() {
    if (arena_ != nullptr) arenas_->give(std::move(arena_));
  }

  void read(std::string_view line) {
    arena_ = arenas_->take();
    answer_ = read_answer(line, id_, *arena_);
  }

  void settle(const Outcome<std::string>& outcome) {
    if (!outcome.ok()) return reply_.error(error_of(outcome));
    reply_.answer(std::move(answer_));
  }

 private:
  const std::uint64_t id_;
  const std::shared_ptr<ArenaPool> arenas_;
  std::unique_ptr<Arena> arena_;
  Answer answer_;
  Reply reply_;
};

class ProcessPlace : public Place {
 public:
  ProcessPlace(ProcessWorkers& workers, std::optional<Duration> deadline)
      : workers_(workers), deadline_(deadline) {}

  void take(Call call, Reply reply) override {
    const std::uint64_t id = ++last_id_;
    std::string line;
    write_request(line, call.method(), call.params().value(), id);
    if (line.size() > InProcess::kLongestRequest) {
      return reply.error(too_long());
    }
    const auto question =
        std::make_shared<Question>(id, call.context().arenas, std::move(reply));
    workers_.submit(
        std::move(line),
        [question](const Outcome<std::string>& outcome) {
          question->settle(outcome);
        },
        deadline_,
        [question](std::string_view answer) { question->read(answer); },
        std::string(call.method()));
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
