#include "rpc/expiry.h"

#include <utility>

namespace rp {

Expiry::Expiry(Reactor& reactor)
    : reactor_(std::make_shared<Reactor*>(&reactor)) {}

Expiry::~Expiry() { *reactor_ = nullptr; }

Reply Expiry::put_on(Reply reply, const Mailbox& loop, Duration deadline) {
  auto shared = std::make_shared<SharedReply>(std::move(reply));
  const TimerId timer = (*reactor_)->run_after(deadline, [shared] {
    if (Reply owed = shared->take()) owed.error(RpcError(kDeadlinePassed));
  });
  return Reply(loop, [reactor = reactor_, timer, shared](Answer answer) {
    if (*reactor != nullptr) (*reactor)->cancel(timer);
    if (Reply owed = shared->take()) owed.answer(std::move(answer));
  });
}

}  // namespace rp
