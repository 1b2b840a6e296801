#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/clock.h"
#include "reactor/function.h"
#include "reactor/mailbox.h"
#include "rpc/params.h"
#include "rpc/wire/arena.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// Headers of a request or of its connection: HTTP's, AMQP's; lines have none.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// What came of asking a peer. The value is lent for the length of the call
/// that hands it over.
struct CallResult {
  std::optional<RpcError> error;
  Value value;

  bool ok() const { return !error.has_value(); }

  /// The value, or throws the error.
  Value get() const;
};

/// One end of a conversation, which can be asked and told things. Sessions
/// and clients are.
///
/// Thread rule: the loop's thread.
class Asker {
 public:
  using Done = Function<void(const CallResult&)>;

  virtual ~Asker() = default;

  /// Calls a method of the other side. `done` is called once, on the loop:
  /// with the answer, with -32001 when `timeout` is over, with -32003 when
  /// the connection ended first. Never inside ask().
  virtual void ask(std::string_view method, const Value& params, Done done,
                   Duration timeout) = 0;

  /// Tells the other side something; there is no answer.
  virtual void notify(std::string_view method, const Value& params) = 0;
};

/// Where an Asker can be found while it lives: kept by those who may outlive
/// it, used on the loop's thread only.
struct AskerLink {
  Asker* asker = nullptr;
};

/// The peer that made a call, as its handler reaches it. A value: keep it as
/// long as you like; when the peer has gone, asking fails with -32003.
///
///     Caller caller = call.caller();
///     caller.ask("name?", {}, [](const CallResult& name) { ... });
///
/// What one thread sends by it, and by the reply to its call, arrives in that
/// order: tell first, then answer.
///
/// Thread rule: any thread; `done` is called on the loop's, which is `home`.
class Caller {
 public:
  Caller(Mailbox loop, std::thread::id home, std::shared_ptr<AskerLink> link,
         bool can_be_asked);

  /// As Asker::ask(). A wire without a way back (plain HTTP, a process)
  /// answers with a clear -32603.
  void ask(std::string_view method, const Value& params, Asker::Done done,
           Duration timeout = std::chrono::seconds(10)) const;
  void notify(std::string_view method, const Value& params) const;

 private:
  Asker* at_hand() const;
  void with_asker(Function<void(Asker*)> use) const;

  Mailbox loop_;
  std::thread::id home_;
  std::shared_ptr<AskerLink> link_;
  bool can_be_asked_;
};

/// Arenas that are warm: a message takes one, its end gives it back.
///
/// Thread rule: the thread that made it; give() from another frees.
class ArenaPool {
 public:
  std::unique_ptr<Arena> take();
  void give(std::unique_ptr<Arena> arena);
  std::size_t spare() const { return spare_.size(); }

 private:
  static constexpr std::size_t kMost = 64;

  std::thread::id home_ = std::this_thread::get_id();
  std::vector<std::unique_ptr<Arena>> spare_;
};

/// What all calls of one peer share; it does not travel with the call.
struct CallContext {
  Mailbox loop;
  std::shared_ptr<ArenaPool> arenas;
  std::shared_ptr<AskerLink> link;
  std::string address;  ///< "127.0.0.1:51234"; for log lines
  Headers headers;
  bool can_be_asked = true;
  /// The connection's own, for what keeps its calls in order; 0: none.
  std::uint64_t number = 0;
};

/// A call on its way to a handler: a value (method, parameters, headers,
/// deadline) and, for the handler, its context.
///
///     Value greet(Call& call) {
///       return text(call.arena(), "hello " + call.address());
///     }
///
/// It owns the memory it lies in, or borrows it for as long as the handler
/// runs: who keeps a call longer, or takes it to another thread, calls keep()
/// first. (Places do so for the handlers that they run.)
///
/// Thread rule: one thread at a time.
class Call {
 public:
  Call(std::shared_ptr<const CallContext> context, std::unique_ptr<Arena> arena,
       std::string_view method, Value params);

  /// A call that lies in an arena it shares, as a member of a batch does.
  Call(std::shared_ptr<const CallContext> context, Arena& shared,
       std::string_view method, Value params);

  Call(Call&&) noexcept = default;
  Call& operator=(Call&&) = delete;
  ~Call();

  std::string_view method() const { return method_; }
  Params params() const { return {params_, declared_.get(), *arena_}; }
  Arena& arena() const { return *arena_; }
  const std::string& address() const { return context_->address; }
  const Headers& headers() const { return context_->headers; }
  std::optional<Duration> deadline() const { return deadline_; }

  /// Nobody gets what the handler returns: who only reads need not begin.
  bool is_notification() const { return notification_; }

  /// Asked to stop: the deadline has passed, nobody waits for the answer.
  bool stop_requested() const { return stop_.stop_requested(); }
  std::stop_token stop_token() const { return stop_; }

  /// The way to the loop: what is posted there runs one after another, so
  /// shared state needs no lock.
  Mailbox loop() const { return context_->loop; }

  /// The peer that called.
  Caller caller() const;

  /// Moves the call into an arena of its own, unless it has one.
  void keep();

  // For the dispatcher and for places.
  void set_declared(std::shared_ptr<const Declared> declared);
  void set_notification(bool notification) { notification_ = notification; }
  void set_deadline(std::optional<Duration> deadline) { deadline_ = deadline; }
  void set_stop_token(std::stop_token token) { stop_ = std::move(token); }
  const CallContext& context() const { return *context_; }

 private:
  std::shared_ptr<const CallContext> context_;
  std::thread::id home_ = std::this_thread::get_id();
  std::unique_ptr<Arena> own_;
  Arena* arena_;
  std::string_view method_;
  Value params_;
  std::shared_ptr<const Declared> declared_;
  std::optional<Duration> deadline_;
  std::stop_token stop_;
  bool notification_ = false;
};

}  // namespace rp
