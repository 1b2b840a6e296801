#pragma once

#include <string>
#include <vector>

#include "reactor/address.h"
#include "rpc/client.h"
#include "rpc/websocket_connection.h"

namespace rp {

/// Calls the methods of a server over a WebSocket, and is called by it: the
/// Client of ws://HOST:PORT/TARGET. All that is said of that holds here.
/// The target is given with its slash; what cannot stand in a request throws
/// std::invalid_argument.
///
///     WebSocketClient client{service, {Address::parse("127.0.0.1:7080")},
///                            "127.0.0.1:7080", "/rpc"};
///     client.ask("add", params, [](const CallResult& sum) { ... }, 2s);
///
/// What is asked before the handshake is done waits. A server that refuses
/// fails it with -32003 and what was wrong: "connection lost: the server
/// answered 404 Not Found".
///
/// Thread rule: the loop's thread. The dispatcher must outlive it.
class WebSocketClient : public Client {
 public:
  struct Options {
    Duration connect_timeout = std::chrono::seconds(10);
    WebSocketConnection::Limits limits = {};
    SessionLimits session = {};
  };

  WebSocketClient(Dispatcher& service, std::vector<Address> addresses,
                  const std::string& host, const std::string& target);
  WebSocketClient(Dispatcher& service, std::vector<Address> addresses,
                  const std::string& host, const std::string& target,
                  Options options);
};

}  // namespace rp
