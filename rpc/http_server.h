#pragma once

#include "reactor/address.h"
#include "reactor/event_handler.h"
#include "reactor/reactor.h"
#include "rpc/http_site.h"

namespace rp {

/// Serves HTTP/1.1 (RFC 9110 and 9112) on a TCP port or a Unix socket.
///
///     HttpServer server{reactor, Address::parse("127.0.0.1:7080")};
///     server.get("/", [](const HttpRequest&) {
///       return plain_text(200, "Hello, World!\n");
///     });
///     reactor.run();
///
/// It listens from its construction on; connections are served while the
/// reactor runs. A drain stops listening, and closes each connection when its
/// request is answered: see Signals for how a program begins one when it is
/// asked to end. The path of a Unix socket is removed by the destructor.
///
/// Thread rule: the loop's thread. It must outlive run().
class HttpServer : public HttpSite {
 public:
  using Options = HttpOptions;

  /// Throws std::system_error when it cannot listen there.
  HttpServer(Reactor& reactor, const Address& address, Options options = {});
  ~HttpServer();

  /// Where it listens: with the port that was chosen when 0 was asked for.
  const Address& address() const { return address_; }

  /// The acceptor, while it listens.
  HandleId acceptor() const { return acceptor_; }

 private:
  Address address_;
  HandleId acceptor_;
};

}  // namespace rp
