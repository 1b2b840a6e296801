#pragma once

#include <memory>

#include "reactor/clock.h"
#include "reactor/mailbox.h"
#include "reactor/reactor.h"
#include "rpc/reply.h"

namespace rp {

/// Puts deadlines on replies: at its time the caller gets -32001, whatever
/// becomes of the handler that owes the answer. For places whose handlers
/// answer later.
///
///     Expiry expiry{reactor};
///     reply = expiry.put_on(std::move(reply), call.loop(), 2s);
///
/// An answer that comes after its deadline is dropped.
///
/// Thread rule: the loop's thread; the replies it gives, any thread. The
/// reactor must outlive it; the replies need not end before either.
class Expiry {
 public:
  explicit Expiry(Reactor& reactor);
  Expiry(const Expiry&) = delete;
  Expiry& operator=(const Expiry&) = delete;
  ~Expiry();

  /// A reply that hands its answer to `reply`, unless the deadline, counted
  /// from now, was faster.
  Reply put_on(Reply reply, const Mailbox& loop, Duration deadline);

 private:
  std::shared_ptr<Reactor*> reactor_;  // points to null when this is gone
};

}  // namespace rp
