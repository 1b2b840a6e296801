#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "reactor/function.h"
#include "reactor/reactor.h"
#include "rpc/call.h"
#include "rpc/reply.h"

namespace rp {

/// What a method does: either it returns a value, or it is handed the reply
/// and answers when it likes. It may be called from several threads at once.
/// Like any Function it may own what cannot be copied.
///
///     Handler add = [](const Params& p) -> Value { ... };
///     Handler whoami = [](Call& call) -> Value { ... };
///     Handler later = [](Call call, Reply reply) { ... };
class Handler {
 public:
  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, Handler>) Handler(F&& function) {
    using G = std::decay_t<F>&;
    if constexpr (std::is_invocable_v<G, Call, Reply>) {
      answers_ = std::forward<F>(function);
    } else if constexpr (std::is_invocable_r_v<Value, G, Call&>) {
      returns_ = std::forward<F>(function);
    } else {
      static_assert(std::is_invocable_r_v<Value, G, const Params&>,
                    "a handler is Value(const Params&), Value(Call&) or "
                    "void(Call, Reply)");
      returns_ = [f = std::forward<F>(function)](Call& call) -> Value {
        return f(call.params());
      };
    }
  }

  bool returns_value() const { return static_cast<bool>(returns_); }

  /// Calls one that returns a value; what it throws comes out.
  Value value_for(Call& call) const { return returns_(call); }

  /// Calls either kind with a reply that others may take first; the other
  /// kind takes the call with it. What it throws comes out, and then the
  /// reply is still to be taken.
  void run(Call& call, const std::shared_ptr<SharedReply>& reply) const;

 private:
  // Called by several threads at once, where the Handler is const: what a call
  // changes is the closure's own.
  mutable Function<Value(Call&)> returns_;
  mutable Function<void(Call, Reply)> answers_;
};

/// What is said of a method when it is registered. All of it may be left out.
struct MethodOptions {
  /// Counted from the moment the call came; none: no deadline, or the
  /// place's own.
  std::optional<Duration> deadline = std::nullopt;
  /// In the pool: calls of one connection run one after another, in the order
  /// in which they came, if the pool's executor has a Strand. (On the loop
  /// they do so anyway.)
  bool in_order = false;
  /// Checked before the handler is called; empty: anything goes.
  Declared params = {};
  std::string summary = {};
};

/// A method where it runs. Values that travel are all it needs: a later place
/// may take the call to another process or machine.
class Place {
 public:
  virtual ~Place() = default;

  /// Sees to it that the call is answered. Called on the loop's thread; must
  /// not wait.
  virtual void take(Call call, Reply reply) = 0;
};

/// The word that says how far from the loop a method runs: `on_loop`, an
/// InPool. It makes the method's place.
///
///     service.method("add", on_loop, add);
///
/// Thread rule: the loop's thread.
class Where {
 public:
  virtual ~Where() = default;

  /// "on the loop", "in the pool"; for people.
  virtual std::string_view name() const = 0;

  /// Called once for each method, on the loop's thread.
  virtual std::unique_ptr<Place> place(Reactor& reactor, Handler handler,
                                       const MethodOptions& options) const = 0;
};

/// On the loop's own thread: for microseconds of work, and for handlers that
/// answer later. A deadline cannot interrupt the handler; it answers for a
/// reply that is still owed.
class OnLoop : public Where {
 public:
  std::string_view name() const override { return "on the loop"; }
  std::unique_ptr<Place> place(Reactor& reactor, Handler handler,
                               const MethodOptions& options) const override;
};

inline const OnLoop on_loop;

}  // namespace rp
