#include "rpc/websocket_client.h"

#include <memory>
#include <utility>

#include "rpc/websocket_session.h"

namespace rp {

WebSocketClient::WebSocketClient(Dispatcher& service,
                                 std::vector<Address> addresses,
                                 std::string host, std::string target)
    : WebSocketClient(service, std::move(addresses), std::move(host),
                      std::move(target), Options()) {}

WebSocketClient::WebSocketClient(Dispatcher& service,
                                 std::vector<Address> addresses,
                                 std::string host, std::string target,
                                 Options options)
    : Client(service, std::move(addresses), options.connect_timeout,
             options.session,
             [host = std::move(host), target = std::move(target),
              limits = options.limits](UniqueFd fd, const Address& peer,
                                       std::unique_ptr<Session> session) {
               return std::make_unique<WebSocketConnection>(
                   std::move(fd), peer, host, target,
                   std::make_unique<WebSocketSession>(std::move(session)),
                   limits);
             }) {}

}  // namespace rp
