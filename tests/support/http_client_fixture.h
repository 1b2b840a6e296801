#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reactor/socket.h"
#include "rpc/http_client.h"
#include "rpc/http_rpc.h"
#include "rpc/http_server.h"
#include "rpc/place.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"
#include "tests/support/line_peer.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"
#include "tests/support/steps.h"

namespace rp {

/// A test of a client, and of two servers that it may call: one of ours, with
/// "add" and "later", and the test itself, as peer_. came_ is what was
/// answered.
///
///     call_server();
///     ask("add", "[2,3]");
///     ASSERT_TRUE(wait_for(1));
///     EXPECT_EQ(came_[0], "5");
class HttpClientTest : public OnBothPollers {
 protected:
  HttpClientTest() {
    service_.method("add", on_loop, [this](const Params& params) -> Value {
      ++added_;
      return params.at(0).as_int64() + params.at(1).as_int64();
    });
    service_.method("later", on_loop, [this](Call, Reply reply) {
      kept_.push_back(std::move(reply));
    });
    serve_json_rpc(server_, "/rpc", service_);
  }

  /// To our server, or by hand to peer_.
  void call_server(std::string target = "/rpc",
                   HttpClient::Options options = {}) {
    client_.emplace(reactor_, std::vector{server_.address()},
                    server_.address().to_string(), std::move(target), options);
  }
  void call_peer() {
    const Address address = local_address(listening_.get());
    client_.emplace(reactor_, std::vector{address}, "localhost", "/");
  }

  void ask(std::string_view method, std::string_view params = "null",
           Duration timeout = std::chrono::seconds(10)) {
    client_->ask(
        method, parse_json(params, arena_).value,
        [this](const CallResult& r) {
          came_.push_back(r.ok() ? to_json(r.value) : told(*r.error));
        },
        timeout);
  }

  void post(std::string json) {
    client_->post(
        std::move(json),
        [this](const std::optional<RpcError>& error, std::string_view answer) {
          came_.push_back(error ? told(*error) : std::string(answer));
        },
        std::chrono::seconds(10));
  }

  static std::string told(const RpcError& error) {
    return std::to_string(error.code) + " " + error.message;
  }

  /// By hand: a call has come, on a connection of its own.
  Function<bool()> called() {
    return [this] {
      UniqueFd fd = accept_from(listening_.get(), nullptr);
      if (fd) peer_ = LinePeer(std::move(fd));
      return peer_.lines().size() >= 6;
    };
  }

  Function<bool()> came(std::size_t answers) {
    return [this, answers] { return came_.size() >= answers; };
  }

  bool wait_for(std::size_t answers) {
    return run_until(reactor_, came(answers));
  }

  std::vector<std::string> came_;
  Steps steps_{reactor_};
  Dispatcher service_{reactor_};
  HttpServer server_{reactor_, Address::parse("127.0.0.1:0")};
  UniqueFd listening_ = listen_on(Address::parse("127.0.0.1:0"));
  LinePeer peer_;
  Arena arena_;
  std::vector<Reply> kept_;
  int added_ = 0;
  std::optional<HttpClient> client_;
};

}  // namespace rp
