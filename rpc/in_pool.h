#pragma once

#include <optional>

#include "pool/executor.h"
#include "rpc/place.h"

namespace rp {

/// On a worker of a pool: for calls that block and for some CPU.
///
///     ReactorPool pool{reactor, {.workers = 4}};
///     InPool in_pool{pool.executor(), 2s};
///     service.method("primes", in_pool, primes, {.deadline = 5s});
///
/// Its deadline counts from the moment the call came, waiting included. When
/// it passes, the caller gets -32001 and the handler's stop token is set; a
/// full pool answers -32002 at once. A job's kind is its method's name and,
/// for a method that is `in_order`, its key the connection's number. What an
/// executor does beyond that is its own affair, so any executor will do: a
/// pool, deadlines around a pool.
///
/// Thread rule: the loop's thread; handlers run on workers, many at once.
/// The executor must outlive the dispatcher's calls.
class InPool : public Where {
 public:
  /// `deadline` is for methods that have none of their own.
  explicit InPool(Executor& executor,
                  std::optional<Duration> deadline = std::nullopt)
      : executor_(executor), deadline_(deadline) {}

  std::string_view name() const override { return "in the pool"; }
  std::unique_ptr<Place> place(Reactor& reactor, Handler handler,
                               const MethodOptions& options) const override;

 private:
  Executor& executor_;
  std::optional<Duration> deadline_;
};

/// The error with which a job's end answers its call; none for a job that
/// finished.
std::optional<RpcError> error_of(const Settled& end);

}  // namespace rp
