#include "rpc/place.h"

namespace rp {

namespace {

class LoopPlace : public Place {
 public:
  LoopPlace(Reactor& reactor, Handler handler, std::optional<Duration> deadline)
      : reactor_(reactor), handler_(std::move(handler)), deadline_(deadline) {}

  void take(Call call, Reply reply) override {
    if (handler_.returns_value()) {
      answer_now(call, std::move(reply));
    } else {
      answer_later(std::move(call), std::move(reply));
    }
  }

 private:
  void answer_now(Call& call, Reply reply) {
    try {
      reply.result(handler_.value_for(call));
    } catch (...) {
      if (!reply) throw;
      reply.fail(std::current_exception());
    }
  }

  void answer_later(Call call, Reply reply) {
    call.keep();
    if (deadline_) reply = expiring(call.loop(), std::move(reply));
    const auto shared = std::make_shared<SharedReply>(std::move(reply));
    try {
      handler_.run(call, shared);
    } catch (...) {
      if (Reply owed = shared->take()) owed.fail(std::current_exception());
    }
  }

  // A reply that gives `reply` its answer, unless the deadline was faster.
  Reply expiring(const Mailbox& loop, Reply reply) {
    auto shared = std::make_shared<SharedReply>(std::move(reply));
    const TimerId timer = reactor_.run_after(*deadline_, [shared] {
      if (Reply owed = shared->take()) owed.error(RpcError(kDeadlinePassed));
    });
    return Reply(loop, [&loop = reactor_, timer, shared](Answer answer) {
      loop.cancel(timer);
      if (Reply owed = shared->take()) owed.answer(std::move(answer));
    });
  }

  Reactor& reactor_;
  Handler handler_;
  std::optional<Duration> deadline_;
};

}  // namespace

void Handler::run(Call& call, const std::shared_ptr<SharedReply>& reply) const {
  if (returns_value()) {
    const Value value = value_for(call);
    if (Reply owed = reply->take()) owed.result(value);
    return;
  }
  answers_(std::move(call), SharedReply::for_handler(reply));
  reply->end_handler();
}

std::unique_ptr<Place> OnLoop::place(Reactor& reactor, Handler handler,
                                     const MethodOptions& options) const {
  return std::make_unique<LoopPlace>(reactor, std::move(handler),
                                     options.deadline);
}

}  // namespace rp
