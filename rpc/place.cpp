#include "rpc/place.h"

#include "pool/outcome.h"
#include "rpc/expiry.h"

namespace rp {

namespace {

class LoopPlace : public Place {
 public:
  LoopPlace(Reactor& reactor, Handler handler, std::optional<Duration> deadline)
      : expiry_(reactor), handler_(std::move(handler)), deadline_(deadline) {}

  void take(Call call, Reply reply) override {
    call.set_deadline(deadline_);
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
      reply.fail(handled_error());
    }
  }

  void answer_later(Call call, Reply reply) {
    call.keep();
    if (deadline_) {
      reply = expiry_.put_on(std::move(reply), call.loop(), *deadline_);
    }
    const auto shared = std::make_shared<SharedReply>(std::move(reply));
    try {
      handler_.run(call, shared);
    } catch (...) {
      if (Reply owed = shared->take()) owed.fail(handled_error());
    }
  }

  Expiry expiry_;
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
