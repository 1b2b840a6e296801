#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "rpc/call.h"
#include "rpc/dispatcher.h"
#include "rpc/reply.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"

namespace rp {

/// What one peer may ask of us at once.
struct ResponderLimits {
  /// Requests not yet answered. At the limit a connection is not read, so its
  /// pings wait, too.
  std::size_t in_flight = 64;
  std::size_t batch = 1000;  ///< members of one batch
  /// Bytes of a batch's answers beyond which none is added; see Responder.
  std::size_t answers = std::size_t{4} * 1024 * 1024;
  JsonLimits json = {};
};

/// The half of a conversation that answers: requests of one peer come in,
/// their answers go out, in the order in which they are ready. It knows
/// nothing of sockets.
///
///     Responder responder{service, context, [](std::string_view json) {
///       std::cout << json << '\n';
///     }};
///     responder.receive(R"({"jsonrpc":"2.0","method":"add", ...})");
///
/// Each message is answered once, by one JSON text: a batch by one array of
/// its answers, a notification by nothing. The specification is
/// https://www.jsonrpc.org/specification.
///
/// Once the answers of a batch are longer than its limit, each further one is
/// -32002, "the answers of this batch are too long", and members that have not
/// begun are not begun, notifications neither. So a batch takes no more than
/// the limit, the one answer that passes it, and an error for each of the rest.
///
/// Each call is a callback of the reactor: traced as "call", and what it throws
/// (a place may; a handler's exceptions are answers) goes where theirs go.
///
/// Thread rule: the loop's thread. The dispatcher must outlive it. Answers
/// that are ready after its end find nobody.
class Responder {
 public:
  using Send = Function<void(std::string_view json)>;

  /// `send` takes a whole message, without a newline, lent for the call.
  Responder(Dispatcher& service, std::shared_ptr<const CallContext> context,
            Send send, ResponderLimits limits = {});
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  /// Takes one JSON text from the peer: a request, a notification, a
  /// response, or a batch of them. A text that is no JSON is answered with
  /// -32700, and what is no message with -32600.
  void receive(std::string_view json);

  /// Answers a text that was not even read, with `error` under the id null.
  void refuse_text(const RpcError& error);

  /// Takes the responses to what this side has asked; without it they are
  /// ignored.
  void on_response(Function<void(const Response&)> take);

  /// How many requests, notifications included, have begun and not ended.
  std::size_t in_flight() const { return owed_.size(); }
  /// From here on requests are refused with -32002.
  bool is_full() const { return in_flight() >= limits_.in_flight; }

  /// From now on new requests are answered with -32004.
  void drain() { draining_ = true; }

  /// Answers all that is owed with -32004; what was going to answer it finds
  /// nobody.
  void refuse_owed();

  /// Called when something that was in flight has ended.
  void on_ended(Task task) { on_ended_ = std::move(task); }

 private:
  // A batch whose members may end in any order. It counts as open itself
  // while it is being read.
  struct Batch {
    std::string answers;
    std::size_t open = 1;
  };
  using BatchPtr = std::shared_ptr<Batch>;

  struct Owed {
    std::uint64_t ticket;
    Value id;             // a number or null
    std::string id_text;  // else
    bool id_is_text;
    BatchPtr batch;  // null: a request by itself
    bool silent;     // a notification
  };

  // How a late answer finds out that nobody is there any more.
  struct Lifeline {
    Responder* responder;
  };

  void receive_one(const Value& value, std::unique_ptr<Arena> arena);
  void receive_batch(const Value& batch, Arena& arena);
  void take_other(const Message& message, const BatchPtr& batch);
  void begin(const Request& request, Call call, const BatchPtr& batch,
             const std::optional<RpcError>& refusal);
  Reply owe(const Request& request, const BatchPtr& batch);
  void settle(std::uint64_t ticket, const Answer& answer);
  void put(const Value& id, const Answer& answer, const BatchPtr& batch);
  void close_one(const BatchPtr& batch);
  std::optional<RpcError> refusal() const;
  bool is_too_long(const BatchPtr& batch) const;

  friend class Dispatcher;
  std::size_t place_on_roll_ = 0;

  Dispatcher& service_;
  std::shared_ptr<const CallContext> context_;
  Send send_;
  ResponderLimits limits_;
  std::shared_ptr<Lifeline> lifeline_;
  std::vector<Owed> owed_;  // in the order of their tickets
  std::uint64_t next_ticket_ = 1;
  bool draining_ = false;
  Function<void(const Response&)> take_response_;
  Task on_ended_;
};

}  // namespace rp
