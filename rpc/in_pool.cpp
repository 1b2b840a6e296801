#include "rpc/in_pool.h"

#include <memory>
#include <utility>

#include "rpc/expiry.h"

namespace rp {

namespace {

// A call between the loop and a worker, shared, so that a worker which is
// stuck touches nothing that has gone. The loop lets go of it last, as a rule,
// and so gets the arena back.
struct PooledCall {
  PooledCall(std::shared_ptr<const Handler> method_handler, Call moved,
             Reply owed)
      : handler(std::move(method_handler)),
        call(std::move(moved)),
        reply(std::make_shared<SharedReply>(std::move(owed))) {}

  void run(std::stop_token stop) {
    call.set_stop_token(std::move(stop));
    handler->run(call, reply);
  }

  void end(const Settled& settled) {
    const auto error = error_of(settled);
    if (!error) return;
    if (Reply owed = reply->take()) owed.error(*error);
  }

  std::shared_ptr<const Handler> handler;
  Call call;
  std::shared_ptr<SharedReply> reply;
};

class PoolPlace : public Place {
 public:
  PoolPlace(Reactor& reactor, Executor& executor, Handler handler,
            std::optional<Duration> deadline, bool in_order)
      : expiry_(reactor),
        executor_(executor),
        handler_(std::make_shared<const Handler>(std::move(handler))),
        deadline_(deadline),
        in_order_(in_order) {}

  void take(Call call, Reply reply) override {
    call.keep();
    call.set_deadline(deadline_);
    // Its job may end long before it answers.
    if (deadline_ && !handler_->returns_value()) {
      reply = expiry_.put_on(std::move(reply), call.loop(), *deadline_);
    }
    std::string kind(call.method());
    const std::uint64_t key = in_order_ ? call.context().number : 0;
    auto pooled = std::make_shared<PooledCall>(handler_, std::move(call),
                                               std::move(reply));
    executor_.submit(
        {.work =
             [pooled](std::stop_token stop) { pooled->run(std::move(stop)); },
         .settled = [pooled](const Settled& end) { pooled->end(end); },
         .deadline = deadline_,
         .kind = std::move(kind),
         .key = key});
  }

 private:
  Expiry expiry_;
  Executor& executor_;
  std::shared_ptr<const Handler> handler_;
  std::optional<Duration> deadline_;
  bool in_order_;
};

}  // namespace

std::optional<RpcError> error_of(const Settled& end) {
  switch (end.fate) {
    case Fate::finished:
      return std::nullopt;
    case Fate::failed:
      return error_from(end.error);
    case Fate::expired:
      return RpcError(kDeadlinePassed);
    case Fate::refused:
      return RpcError(kOverloaded);
    case Fate::dropped:
      return RpcError(kShuttingDown);
  }
  return std::nullopt;
}

std::unique_ptr<Place> InPool::place(Reactor& reactor, Handler handler,
                                     const MethodOptions& options) const {
  const auto deadline = options.deadline ? options.deadline : deadline_;
  return std::make_unique<PoolPlace>(reactor, executor_, std::move(handler),
                                     deadline, options.in_order);
}

}  // namespace rp
