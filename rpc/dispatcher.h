#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"
#include "rpc/call.h"
#include "rpc/place.h"
#include "rpc/reply.h"

namespace rp {

class Responder;

/// The methods of a service, and where each of them runs.
///
///     Dispatcher service{reactor};
///     service.method("add", on_loop, add);
///     service.method("primes", in_pool, primes, {.deadline = 2s});
///     service.method("log.*", on_loop, log_any);
///
/// A call goes to the method with exactly its name; else to the first
/// registered pattern that fits it. In a pattern `*` stands for any run of
/// characters. An unknown method is answered with -32601, parameters that do
/// not fit what was declared with -32602.
///
/// Thread rule: the loop's thread. The reactor must outlive it; it must
/// outlive the connections that are served by it, hence the run() in which
/// they live.
class Dispatcher {
 public:
  explicit Dispatcher(Reactor& reactor);
  Dispatcher(const Dispatcher&) = delete;
  Dispatcher& operator=(const Dispatcher&) = delete;
  ~Dispatcher();

  /// Registers a method. Throws std::invalid_argument for an empty name and
  /// for one that is taken.
  void method(std::string name, const Where& where, Handler handler,
              MethodOptions options = {});

  /// Sees to it that the call is answered: here, or by the method's place.
  /// What is thrown on the way comes out, and the call is answered -32000.
  void dispatch(Call call, Reply reply);

  struct Method {
    std::string name;
    std::string where;
    std::string summary;
    std::shared_ptr<const Declared> params;
    std::unique_ptr<Place> place;
    std::uint64_t calls = 0;
  };

  /// All methods, in the order of their registration.
  const std::vector<std::unique_ptr<Method>>& methods() const {
    return methods_;
  }

  /// What reached no method, of all time, by the code of its answer: calls of
  /// unknown methods (-32601), or with parameters that are not what is declared
  /// (-32602), texts that are no JSON (-32700) or no message (-32600), and what
  /// came when too much was in flight (-32002) or all took its leave (-32004).
  const std::map<int, std::uint64_t>& refused() const { return refused_; }

  /// One of these, lent to who is told: for logs. Calls that did reach a method
  /// are seen by what is put around its place.
  struct RefusedCall {
    std::string_view method;  ///< as the peer has called it; empty: no call
    const std::string& address;
    int code;
  };

  /// Told of each of these, notifications too, before it is answered; there is
  /// one listener, the last one set. It must not throw, and must not call this
  /// dispatcher.
  void on_refused(Function<void(const RefusedCall&)> listener) {
    refused_listener_ = std::move(listener);
  }

  Reactor& reactor() { return reactor_; }
  const Mailbox& loop() const { return loop_; }
  const std::shared_ptr<ArenaPool>& arenas() const { return arenas_; }

  /// A number for one more connection, which is its own.
  std::uint64_t number_connection() { return ++connections_; }

  /// For responders: counts what they refuse, and tells of it.
  void count_refused(const RefusedCall& call);

  // For responders: those that live are told to answer with -32004 what they
  // owe when the reactor shuts down. Each says when it begins to owe.
  void enlist(Responder& responder);
  void expect_answers();
  void dismiss(Responder& responder);

  /// Room for what one responder owes goes from hand to hand: whoever owes
  /// nothing holds none, and a call that is answered at once allocates none.
  void lend_memory(Responder& responder);
  void take_back_memory(Responder& responder);

 private:
  struct Roll;

  Method* find(std::string_view name);

  Reactor& reactor_;
  Mailbox loop_;
  std::shared_ptr<ArenaPool> arenas_;
  std::vector<std::unique_ptr<Method>> methods_;
  std::map<std::string, Method*, std::less<>> names_;
  std::vector<Method*> patterns_;
  std::shared_ptr<Roll> roll_;
  std::map<int, std::uint64_t> refused_;
  Function<void(const RefusedCall&)> refused_listener_;
  std::uint64_t connections_ = 0;
};

/// Whether `name` fits `pattern`, where `*` is any run of characters. Takes
/// at most |pattern| x |name| steps, whatever the peer sent.
bool fits_pattern(std::string_view pattern, std::string_view name);

}  // namespace rp
