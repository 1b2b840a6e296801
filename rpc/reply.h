#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <variant>

#include "reactor/function.h"
#include "reactor/mailbox.h"
#include "reactor/mutex.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_value.h"

namespace rp {

class SharedReply;

/// What a call is answered with: a value that lives in somebody's arena for
/// the length of the call that hands it over, the same as JSON text (it came
/// from another thread), or an error.
using Answer = std::variant<Value, std::string, RpcError>;

/// Appends the whole JSON-RPC response to `id`.
void write_answer(std::string& out, const Value& id, const Answer& answer);

/// The error for what a handler threw: an RpcError as it is; anything else is
/// -32000 with {"type": ..., "message": ...} as its data.
RpcError error_from(std::exception_ptr thrown);

/// The duty to answer one call, once.
///
///     void later(Call call, Reply reply) {
///       call.loop().post([reply = std::move(reply)]() mutable {
///         reply.result("done");
///       });
///     }
///
/// It can be moved and used from any thread: off the loop, a result is written
/// as JSON by the thread that has it, and the text goes to the loop. Destroyed
/// unused, it answers -32000, so that no caller waits for ever. After it has
/// answered it is empty, and answering again is a bug of the program.
class Reply {
 public:
  /// Gets the answer on the loop's thread.
  using Sink = Function<void(Answer)>;

  Reply() = default;

  /// A reply for the loop on whose thread it is made.
  Reply(Mailbox loop, Sink sink);

  Reply(Reply&& other) noexcept;
  Reply& operator=(Reply&& other) noexcept;
  ~Reply();

  void result(const Value& value);
  void error(RpcError error);

  /// Answers with what a handler threw.
  void fail(std::exception_ptr thrown) { error(error_from(thrown)); }

  /// Hands an answer on as it is.
  void answer(Answer answer);

  /// Still owes its answer.
  explicit operator bool() const { return sink_ || shared_ != nullptr; }

 private:
  friend class SharedReply;
  explicit Reply(std::shared_ptr<SharedReply> shared);
  void drop();

  std::optional<Mailbox> loop_;
  std::thread::id home_;
  Sink sink_;
  std::shared_ptr<SharedReply> shared_;  // answers instead of the sink
};

/// One reply that several might give: the handler, its deadline, the end of
/// its worker. The first takes it.
///
///     auto shared = std::make_shared<SharedReply>(std::move(reply));
///     if (Reply reply = shared->take()) reply.error(RpcError(...));
///
/// Thread rule: any thread.
class SharedReply {
 public:
  explicit SharedReply(Reply reply) : reply_(std::move(reply)) {}

  /// The reply; empty if somebody was faster.
  Reply take() EXCLUDES(mutex_);

  /// A reply for a handler, which takes the shared one when it answers. If
  /// the handler throws while it holds it, nothing is answered by it: what
  /// was thrown says more. Close the time of the handler by end_handler().
  static Reply for_handler(const std::shared_ptr<SharedReply>& shared);

  /// The handler has returned without throwing.
  void end_handler() EXCLUDES(mutex_);

 private:
  friend class Reply;
  void dropped_unused() EXCLUDES(mutex_);

  Mutex mutex_;
  Reply reply_ GUARDED_BY(mutex_);
  bool in_handler_ GUARDED_BY(mutex_) = true;
  bool lost_in_flight_ GUARDED_BY(mutex_) = false;
};

}  // namespace rp
