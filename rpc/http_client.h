#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/address.h"
#include "reactor/connection.h"
#include "reactor/connector.h"
#include "rpc/call.h"
#include "rpc/wire/http.h"

namespace rp {

/// Calls the methods of a server over HTTP/1.1 (RFC 9112), without blocking
/// the loop: each call is a POST, each answer the body of its response.
///
///     HttpClient client{reactor, {Address::parse("127.0.0.1:7080")},
///                       "127.0.0.1:7080", "/rpc"};
///     client.ask("add", params, [](const CallResult& sum) {
///       std::cout << to_json(sum.get()) << '\n';
///     }, 2s);
///
/// One exchange at a time goes over its one connection, which is kept for the
/// next; what is asked meanwhile waits in line, and its time runs. It connects
/// when there is something to send. A call that is under way when the
/// connection ends fails with -32003 and is not sent again, for it may have had
/// its effect; those behind it go over a new one. One that gets no answer in
/// time ends the connection, for its answer would come late. So does what
/// comes unasked, and no call takes it for its answer. A status other
/// than 200 and 204 is -32603, "HTTP 404 Not Found", and behind a colon what
/// the body begins with: visible ASCII of its first line, 100 bytes at most.
/// The server cannot ask back: that takes a WebSocket.
///
/// Thread rule: the loop's thread. The reactor must outlive it.
class HttpClient : public Asker {
 public:
  /// The JSON text that answers, empty when nothing does; or why none came.
  using Answered =
      Function<void(const std::optional<RpcError>& error, std::string_view)>;

  struct Options {
    Duration connect_timeout = std::chrono::seconds(10);
    /// How long a notification may take; a call says so itself.
    Duration notify_timeout = std::chrono::seconds(10);
    /// What may wait in line, in bytes.
    std::size_t capacity = std::size_t{1024} * 1024;
    ConnectionLimits connection = {};
    HttpLimits answers = {};
  };

  /// `host` is what `Host` says, a name or address and its port; `target` is
  /// what follows it in a URL: "/rpc". Throws std::invalid_argument for what
  /// cannot stand there, and when there is no address.
  HttpClient(Reactor& reactor, std::vector<Address> addresses, std::string host,
             std::string target);
  HttpClient(Reactor& reactor, std::vector<Address> addresses, std::string host,
             std::string target, Options options);
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Closes the connection; what is pending fails with -32003, and so does
  /// what its callbacks ask.
  ~HttpClient() override;

  void ask(std::string_view method, const Value& params, Done done,
           Duration timeout = std::chrono::seconds(10)) override;

  /// Throws RpcError -32002 when too much waits in line.
  void notify(std::string_view method, const Value& params) override;

  /// Sends a JSON text as it is, a batch perhaps. `done` is called as that of
  /// ask(); -32002 when too much waits.
  void post(std::string json, Answered done, Duration timeout);

  /// How many texts wait for their answers.
  std::size_t pending() const { return waiting_.size(); }

 private:
  class Stream;  // a connection

  // A text, and who waits for what answers it.
  struct Exchange {
    std::uint64_t id;
    std::string json;
    Answered done;
    TimerId timer;
  };

  // Why so many bytes more are not taken.
  std::optional<RpcError> refusal(std::size_t more) const;
  void enqueue(std::string json, Answered done, Duration timeout);
  // The POST that carries this text.
  std::string written(const std::string& json) const;
  void send_next();
  void connect();
  void connected(ConnectResult result);
  void answered(int status, std::string_view body, bool goes_on);
  void lost(const std::string& why);
  void give_up(std::uint64_t id);
  Exchange take_out(std::size_t place);
  void fail_all(const RpcError& error);
  void drop_stream();
  // The connection, or null: there is none, or it is at its end.
  Stream* stream() const;

  Reactor& reactor_;
  std::vector<Address> addresses_;
  std::string host_;
  std::string target_;
  Options options_;
  std::deque<Exchange> waiting_;
  std::size_t waiting_bytes_ = 0;
  bool under_way_ = false;  // the first of them was sent
  bool ending_ = false;
  std::uint64_t next_id_ = 1;    // of an exchange
  std::uint64_t next_call_ = 1;  // as its JSON text has it
  HandleId connector_;           // while it connects
  HandleId stream_;
  TimerId failing_;  // it could not even try to connect
};

}  // namespace rp
