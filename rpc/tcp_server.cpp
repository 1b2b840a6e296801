#include "rpc/tcp_server.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "reactor/socket.h"

namespace rp {

namespace {

Acceptor::Make line_connections(Dispatcher& service, LineLimits limits) {
  return [&service, limits](UniqueFd fd, const Address& peer) {
    auto session =
        std::make_unique<Session>(service, peer.to_string(), limits.session);
    return std::make_unique<LineConnection>(std::move(fd), peer,
                                            std::move(session), limits);
  };
}

}  // namespace

TcpServer::TcpServer(Dispatcher& service, const Address& address)
    : TcpServer(service, address, Limits()) {}

TcpServer::TcpServer(Dispatcher& service, const Address& address,
                     Limits limits) {
  UniqueFd listening = listen_on(address);
  address_ = local_address(listening.get());
  acceptor_ =
      Acceptor::start(service.reactor(), std::move(listening),
                      line_connections(service, limits.line), limits.acceptor);
}

TcpServer::~TcpServer() {
  if (const std::string path = address_.path(); !path.empty()) {
    ::unlink(path.c_str());
  }
}

}  // namespace rp
