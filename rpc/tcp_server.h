#pragma once

#include <memory>

#include "reactor/acceptor.h"
#include "reactor/address.h"
#include "rpc/dispatcher.h"
#include "rpc/line_connection.h"

namespace rp {

/// Serves JSON-RPC, one text a line, on a TCP port or a Unix socket.
///
///     Dispatcher service{reactor};
///     TcpServer server{service, Address::parse("127.0.0.1:7000")};
///     std::cout << "listening on " << server.address().to_string() << '\n';
///     reactor.run();
///
/// It listens from its construction on; connections are served while the
/// reactor runs. A drain stops listening and ends each connection when its
/// answers are sent. The path of a Unix socket is removed by the destructor.
///
/// Thread rule: the loop's thread. The dispatcher must outlive run().
class TcpServer {
 public:
  struct Limits {
    AcceptorLimits acceptor = {};
    LineLimits line = {};
  };

  /// Throws std::system_error when it cannot listen there.
  TcpServer(Dispatcher& service, const Address& address);
  TcpServer(Dispatcher& service, const Address& address, Limits limits);
  TcpServer(const TcpServer&) = delete;
  TcpServer& operator=(const TcpServer&) = delete;
  ~TcpServer();

  /// Where it listens: with the port that was chosen when 0 was asked for.
  const Address& address() const { return address_; }

  /// The acceptor, while it listens.
  HandleId acceptor() const { return acceptor_; }

 private:
  Address address_;
  HandleId acceptor_;
};

}  // namespace rp
