#pragma once

#include <chrono>
#include <memory>
#include <string_view>
#include <vector>

#include "reactor/address.h"
#include "reactor/connector.h"
#include "rpc/dispatcher.h"
#include "rpc/line_connection.h"
#include "rpc/session.h"

namespace rp {

/// Calls the methods of a server over TCP or a Unix socket, without blocking
/// the loop.
///
///     Client client{service, {Address::parse("127.0.0.1:7000")}};
///     client.ask("add", params, [](const CallResult& sum) {
///       std::cout << to_json(sum.get()) << '\n';
///     }, 2s);
///
/// It connects at once, trying one address after another; what is asked
/// meanwhile waits, and its time runs. When it cannot connect, or loses its
/// connection, what is pending fails with -32003 and the reason, and so does
/// what is asked afterwards. The methods of `service` are there for the
/// server to call: a connection has no side that only asks.
///
/// Errors: the constructor throws std::invalid_argument without an address,
/// and std::system_error when not even a socket can be made.
///
/// Thread rule: the loop's thread. The dispatcher must outlive it.
class Client : public Asker {
 public:
  struct Options {
    Duration connect_timeout = std::chrono::seconds(10);
    LineLimits limits = {};
  };

  Client(Dispatcher& service, std::vector<Address> addresses);
  Client(Dispatcher& service, std::vector<Address> addresses, Options options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Closes the connection; what is pending fails with -32003, and so does
  /// what its callbacks ask.
  ~Client() override;

  void ask(std::string_view method, const Value& params, Done done,
           Duration timeout = std::chrono::seconds(10)) override;
  void notify(std::string_view method, const Value& params) override;

  /// Ends the connection when all that was asked, by either side, is answered.
  void finish();

  bool connected() const { return reactor_.find(connection_) != nullptr; }

 protected:
  /// Makes what carries the session over a stream that is connected.
  using Carry = Function<std::unique_ptr<EventHandler>(
      UniqueFd, const Address& peer, std::unique_ptr<Session>)>;

  /// For a wire that is not lines.
  Client(Dispatcher& service, std::vector<Address> addresses,
         Duration connect_timeout, const SessionLimits& limits, Carry carry);

 private:
  void on_connected(ConnectResult result);

  Reactor& reactor_;
  Carry carry_;
  std::unique_ptr<Session> session_;  // until it is connected
  std::shared_ptr<AskerLink> link_;
  std::string failure_ = "the connection has ended";
  HandleId connector_;
  HandleId connection_;
};

}  // namespace rp
