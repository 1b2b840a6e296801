#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>

#include "reactor/function.h"
#include "reactor/reactor.h"
#include "rpc/call.h"
#include "rpc/wire/json_rpc.h"

namespace rp {

/// The half of a conversation that asks: it numbers our requests, waits for
/// their answers, and gives each one up at its time. The ids are ours alone;
/// those of the peer's requests are the Responder's affair.
///
///     Requester requester{reactor, [&](std::string_view json) { ... }};
///     requester.ask("add", params, [](const CallResult& sum) { ... }, 2s);
///     requester.take(response);   // when one has come
///
/// Thread rule: the loop's thread. The reactor must outlive it.
class Requester : public Asker {
 public:
  using Send = Function<void(std::string_view json)>;

  /// `send` takes a whole message, without a newline, lent for the call.
  Requester(Reactor& reactor, Send send);
  Requester(const Requester&) = delete;
  Requester& operator=(const Requester&) = delete;

  /// Fails what is pending, as fail_all() with -32003. Whoever is told must
  /// not ask it again: it is no more.
  ~Requester() override;

  /// As Asker::ask(). What `done` throws goes to the reactor, as an exception
  /// of any callback, and spoils no other answer.
  void ask(std::string_view method, const Value& params, Done done,
           Duration timeout) override;
  void notify(std::string_view method, const Value& params) override;

  /// Hands a response to whoever waits for it. One that nobody waits for (it
  /// came too late, or its id is not ours) is counted and ignored.
  void take(const Response& response);

  /// Answers all that is pending with `error`; what is asked meanwhile stays.
  void fail_all(const RpcError& error);

  /// Asked and not answered.
  std::size_t pending() const { return pending_.size(); }
  std::uint64_t unexpected() const { return unexpected_; }

  /// Called when the number of pending requests has changed.
  void on_change(Task task) { on_change_ = std::move(task); }

 private:
  struct Pending {
    Done done;
    TimerId timer;
  };

  void settle(std::uint64_t id, const CallResult& result);

  Reactor& reactor_;
  Send send_;
  std::map<std::uint64_t, Pending> pending_;
  std::uint64_t next_id_ = 1;
  std::uint64_t unexpected_ = 0;
  Task on_change_;
};

}  // namespace rp
