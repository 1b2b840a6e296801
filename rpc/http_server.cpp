#include "rpc/http_server.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "reactor/socket.h"
#include "rpc/http_connection.h"

namespace rp {

HttpServer::HttpServer(Reactor& reactor, const Address& address,
                       Options options)
    : HttpSite(reactor, address.port(), std::move(options)) {
  UniqueFd listening = listen_on(address);
  address_ = local_address(listening.get());
  set_port(address_.port());
  acceptor_ = Acceptor::start(
      reactor, std::move(listening),
      [this](UniqueFd fd, const Address& peer) {
        return std::make_unique<HttpConnection>(std::move(fd), peer, *this);
      },
      this->options().acceptor);
}

HttpServer::~HttpServer() {
  if (const std::string path = address_.path(); !path.empty()) {
    ::unlink(path.c_str());
  }
}

}  // namespace rp
