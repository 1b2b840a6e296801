#include "examples/send_text.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "reactor/connection.h"
#include "reactor/connector.h"
#include "rpc/http_client.h"
#include "rpc/websocket_connection.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"

namespace rp {
namespace {

// It is over; empty: and all is well.
using Ended = Function<void(std::string failure)>;

// Ends its half: the server answers what it owes and closes.
class LineCourier : public Connection {
 public:
  LineCourier(ConnectResult result, std::string text, Ended ended)
      : Connection(std::move(result.fd), result.peer),
        text_(std::move(text)),
        ended_(std::move(ended)) {
    std::replace(text_.begin(), text_.end(), '\n', ' ');
  }

  void on_added() override {
    Connection::on_added();
    send(text_ + "\n");
    half_close();
  }

 protected:
  void on_data(std::string_view bytes) override {
    std::cout << bytes << std::flush;
  }
  void on_disconnect(CloseReason) override { ended_({}); }

 private:
  std::string text_;
  Ended ended_;
};

// A WebSocket has no half to end: who sends has to know whether to wait.
bool is_owed(const Value& value) {
  const Message message = read_message(value);
  const auto* request = std::get_if<Request>(&message);
  const bool is_silent = request ? request->is_notification
                                 : std::holds_alternative<Response>(message);
  return !is_silent;
}

bool is_owed_an_answer(const std::string& text) {
  Arena arena;
  const Parsed parsed = parse_json(text, arena);
  if (!parsed || !parsed.value.is_array()) {
    return !parsed || is_owed(parsed.value);
  }
  const auto items = parsed.value.items();
  return items.empty() || std::any_of(items.begin(), items.end(), is_owed);
}

bool is_answer(std::string_view text) {
  Arena arena;
  const Value value = parse_json(text, arena).value;
  return value.is_array() ||
         !std::holds_alternative<Request>(read_message(value));
}

class MessageCourier : public WebSocketPeer {
 public:
  MessageCourier(std::string text, Ended ended)
      : text_(std::move(text)), ended_(std::move(ended)) {}

 private:
  void on_open() override {
    send_text(text_);
    done_ = !is_owed_an_answer(text_);
    if (done_) close();
  }

  void on_text(std::string_view text) override {
    std::cout << text << std::endl;
    done_ = is_answer(text);
    if (done_) close();
  }

  void on_ended(const WebSocketEnd& end) override {
    ended_(done_ ? "" : "connection lost: " + std::string(end.why));
  }

  std::string text_;
  Ended ended_;
  bool done_ = false;
};

std::unique_ptr<EventHandler> make_courier(const ServerUrl& server,
                                           ConnectResult result,
                                           std::string text, Ended ended) {
  if (server.wire == ServerUrl::Wire::lines) {
    return std::make_unique<LineCourier>(std::move(result), std::move(text),
                                         std::move(ended));
  }
  return std::make_unique<WebSocketConnection>(
      std::move(result.fd), result.peer, server.host, server.target,
      std::make_unique<MessageCourier>(std::move(text), std::move(ended)));
}

void send_by_courier(Reactor& reactor, const ServerUrl& server,
                     std::string text, Duration timeout, Ended ended) {
  Connector::start(reactor, server.addresses, timeout,
                   [&reactor, &server, text = std::move(text),
                    ended = std::move(ended)](ConnectResult result) mutable {
                     if (!result.fd) return ended(result.message());
                     reactor.add(
                         make_courier(server, std::move(result),
                                      std::move(text), std::move(ended)),
                         Interest::reading());
                   });
}

void post(HttpClient& client, std::string text, Duration timeout, Ended ended) {
  client.post(
      std::move(text),
      [ended = std::move(ended)](const std::optional<RpcError>& error,
                                 std::string_view answer) mutable {
        if (error) return ended(error->message);
        if (!answer.empty()) std::cout << answer << std::endl;
        ended({});
      },
      timeout);
}

}  // namespace

void send_text(Reactor& reactor, const ServerUrl& server, std::string text,
               Duration timeout) {
  std::string failure;
  const auto end = [&](std::string why) {
    failure = std::move(why);
    reactor.stop();
  };
  std::optional<HttpClient> http;
  if (server.wire == ServerUrl::Wire::http) {
    http.emplace(reactor, server.addresses, server.host, server.target);
    post(*http, std::move(text), timeout, end);
  } else {
    send_by_courier(reactor, server, std::move(text), timeout, end);
    reactor.run_after(timeout, [&] { end("no answer in time"); });
  }
  reactor.run();
  if (!failure.empty()) {
    throw std::runtime_error(failure + hint_for(server, failure));
  }
}

}  // namespace rp
