#include "rpc/line_connection.h"

#include <utility>

namespace rp {

LineConnection::LineConnection(UniqueFd fd, const Address& peer,
                               std::unique_ptr<Session> session,
                               LineLimits limits)
    : Connection(std::move(fd), peer, limits.connection),
      LineWire(std::move(session), limits) {}

void LineConnection::on_added() {
  Connection::on_added();
  begin(reactor());
}

void LineConnection::read_on(bool wanted) { wanted ? resume() : pause(); }

void LineConnection::end_after_sending(CloseReason reason) {
  close_after_sending(reason);
}

}  // namespace rp
