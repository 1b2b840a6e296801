#include "rpc/websocket_client.h"

#include <memory>
#include <utility>

#include "rpc/websocket_session.h"
#include "rpc/wire/http_writer.h"
#include "rpc/wire/websocket_handshake.h"

namespace rp {

namespace {

// Writes the request once, so that one which cannot be written is known now.
auto carry(const std::string& host, const std::string& target,
           WebSocketConnection::Limits limits) {
  std::string request;
  write_request(request, handshake_request(host, target, ""));
  return [host, target, limits](UniqueFd fd, const Address& peer,
                                std::unique_ptr<Session> session) {
    return std::make_unique<WebSocketConnection>(
        std::move(fd), peer, host, target,
        std::make_unique<WebSocketSession>(std::move(session)), limits);
  };
}

}  // namespace

WebSocketClient::WebSocketClient(Dispatcher& service,
                                 std::vector<Address> addresses,
                                 const std::string& host,
                                 const std::string& target)
    : WebSocketClient(service, std::move(addresses), host, target, Options()) {}

WebSocketClient::WebSocketClient(Dispatcher& service,
                                 std::vector<Address> addresses,
                                 const std::string& host,
                                 const std::string& target, Options options)
    : Client(service, std::move(addresses), options.connect_timeout,
             options.session, carry(host, target, options.limits)) {}

}  // namespace rp
