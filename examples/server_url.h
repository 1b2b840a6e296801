#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reactor/address.h"
#include "rpc/call.h"
#include "rpc/dispatcher.h"

namespace rp {

/// A server, and the wire by which it is reached.
///
///     const ServerUrl url = ServerUrl::parse("ws://127.0.0.1:7080/rpc");
///     const auto client = connect(service, url);
///     client->ask("add", params, done, 2s);
///
/// Thread rule: parse() before the loop runs, the rest on its thread.
struct ServerUrl {
  enum class Wire { lines, http, websocket };

  Wire wire = Wire::lines;
  std::vector<Address> addresses = {};  ///< tried in this order
  std::string host = {};    ///< for HTTP: "127.0.0.1:7080", as the URL has it
  std::string target = {};  ///< for HTTP: "/rpc", unless the URL has another

  /// Reads tcp://HOST:PORT, unix:PATH, http://HOST[:PORT][/PATH] and ws://
  /// alike; HOST:PORT alone is tcp. It asks for the addresses of a name, and
  /// waits for them. Throws UsageError for anything else, std::system_error for
  /// an unknown name.
  static ServerUrl parse(const std::string& url);
};

/// Connects, or will when there is something to send. The methods of `service`
/// are there for the server to call, except over HTTP.
std::unique_ptr<Asker> connect(Dispatcher& service, const ServerUrl& server);

/// Behind an error: what may be meant when the server has something else than
/// JSON-RPC at the URL's path. Empty for any other error.
std::string hint_for(const ServerUrl& server, const std::string& error);

}  // namespace rp
