#include "rpc/open_connections.h"

#include <sys/socket.h>

#include "reactor/connection.h"
#include "rpc/http_connection.h"
#include "rpc/line_connection.h"

namespace rp {

namespace {

std::string_view wire_of(const Connection& connection) {
  if (const auto* http = dynamic_cast<const HttpConnection*>(&connection)) {
    return http->has_upgraded() ? "websocket" : "http";
  }
  if (dynamic_cast<const LineConnection*>(&connection) == nullptr) {
    return "other";
  }
  return connection.peer().family() == AF_UNIX ? "unix" : "tcp";
}

void add(Acceptor::Stats& sum, const Acceptor::Stats& more) {
  sum.accepted += more.accepted;
  sum.refused += more.refused;
  sum.shed += more.shed;
}

}  // namespace

OpenConnections open_connections(Reactor& reactor, std::size_t most) {
  OpenConnections open;
  for (const HandleId id : reactor.open_handles()) {
    const EventHandler* handler = reactor.find(id);
    if (const auto* acceptor = dynamic_cast<const Acceptor*>(handler)) {
      add(open.knocked, acceptor->stats());
    }
    const auto* connection = dynamic_cast<const Connection*>(handler);
    if (connection == nullptr || ++open.total > most) continue;
    open.listed.push_back(
        {.id = id.number(),
         .wire = wire_of(*connection),
         .peer = connection->peer().to_string(),
         .unsent = connection->unsent(),
         .pause_at = connection->limits().pause_at,
         .close_at = connection->limits().close_at,
         .paused = connection->choked() || connection->paused()});
  }
  return open;
}

}  // namespace rp
