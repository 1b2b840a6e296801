#include "examples/send_text.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "examples/terminal_text.h"
#include "reactor/connection.h"
#include "reactor/connector.h"
#include "rpc/http_client.h"
#include "rpc/line_wire.h"
#include "rpc/websocket_connection.h"
#include "rpc/wire/framing.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

// Why it failed; empty: all is well.
using Ended = Function<void(const std::string& failure)>;

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

// A text to be sent, and what comes of it.
class Errand {
 public:
  Errand(std::string text, Ended ended)
      : text_(std::move(text)),
        owed_(is_owed_an_answer(text_)),
        ended_(std::move(ended)) {}

  const std::string& text() const { return text_; }

  // Nothing more has to come.
  bool done() const { return !owed_ || !fault_.empty(); }

  void hear(std::string_view text) {
    Arena arena;
    const Parsed parsed = parse_json(text, arena);
    if (!parsed) {
      fault_ = "the answer is no JSON: " + parsed.error->message;
      return;
    }
    print_line(to_json(parsed.value));
    // The peer may ask before it answers.
    if (std::holds_alternative<Request>(read_message(parsed.value))) return;
    answered_ = true;
    owed_ = false;
  }

  // Nothing has come of it.
  void fail(const std::string& why) { ended_(why); }

  // `well`: as it should end when there is no answer to wait for.
  void end(bool well, std::string why) {
    const bool lost = owed_ || (!answered_ && !well);
    if (fault_.empty() && lost) fault_ = std::move(why);
    ended_(fault_);
  }

 private:
  std::string text_;
  bool owed_;
  bool answered_ = false;
  std::string fault_;
  Ended ended_;
};

// Ends its half: the server answers what it owes and closes.
class LineCourier : public Connection {
 public:
  LineCourier(ConnectResult result, Errand errand)
      : Connection(std::move(result.fd), result.peer),
        errand_(std::move(errand)) {}

  void on_added() override {
    Connection::on_added();
    std::string line = errand_.text();
    std::replace(line.begin(), line.end(), '\n', ' ');
    send(line + "\n");
    half_close();
  }

 protected:
  void on_data(std::string_view bytes) override {
    framer_.feed(bytes);
    take_lines();
  }

  void on_end() override {
    framer_.end();
    take_lines();
    Connection::on_end();
  }

  // The time that is given for all of it is limit enough.
  bool is_idle() const override { return false; }

  void on_disconnect(CloseReason reason) override {
    errand_.end(reason == CloseReason::peer,
                "connection lost: " + std::string(to_string(reason)));
  }

 private:
  void take_lines() {
    Frame frame = framer_.next();
    for (; frame.kind == Frame::kMessage; frame = framer_.next()) {
      errand_.hear(frame.message);
    }
    if (frame.kind == Frame::kTooLong) close(CloseReason::protocol);
  }

  Errand errand_;
  LineFramer framer_{LineLimits().line};
};

// A WebSocket has no half to end: who sends has to know whether to wait.
class MessageCourier : public WebSocketPeer {
 public:
  explicit MessageCourier(Errand errand) : errand_(std::move(errand)) {}

 private:
  void on_open() override {
    send_text(errand_.text());
    if (errand_.done()) close();
  }

  void on_text(std::string_view text) override {
    errand_.hear(text);
    if (errand_.done()) close();
  }

  void on_ended(const WebSocketEnd& end) override {
    errand_.end(end.code == close_code::kNormal,
                "connection lost: " + std::string(end.why));
  }

  Errand errand_;
};

std::unique_ptr<EventHandler> make_courier(const ServerUrl& server,
                                           ConnectResult result,
                                           Errand errand) {
  if (server.wire == ServerUrl::Wire::lines) {
    return std::make_unique<LineCourier>(std::move(result), std::move(errand));
  }
  return std::make_unique<WebSocketConnection>(
      std::move(result.fd), result.peer, server.host, server.target,
      std::make_unique<MessageCourier>(std::move(errand)));
}

void send_by_courier(Reactor& reactor, const ServerUrl& server, Errand errand,
                     Duration timeout) {
  Connector::start(
      reactor, server.addresses, timeout,
      [&reactor, &server,
       errand = std::move(errand)](ConnectResult result) mutable {
        if (!result.fd) return errand.fail(result.message());
        reactor.add(make_courier(server, std::move(result), std::move(errand)),
                    Interest::reading());
      });
}

void post(HttpClient& client, Errand errand, Duration timeout) {
  std::string text = errand.text();
  client.post(
      std::move(text),
      [errand = std::move(errand)](const std::optional<RpcError>& error,
                                   std::string_view answer) mutable {
        if (error) return errand.fail(error->message);
        if (!answer.empty()) errand.hear(answer);
        errand.end(true, "the server sent no answer");
      },
      timeout);
}

}  // namespace

void send_text(Reactor& reactor, const ServerUrl& server, std::string text,
               Duration timeout) {
  std::optional<std::string> end;
  // What is still open when the loop stops has an end, too.
  const auto ended = [&](const std::string& failure) {
    if (!end) end = failure;
    reactor.stop();
  };
  Errand errand(std::move(text), ended);
  std::optional<HttpClient> http;
  if (server.wire == ServerUrl::Wire::http) {
    http.emplace(reactor, server.addresses, server.host, server.target);
    post(*http, std::move(errand), timeout);
  } else {
    send_by_courier(reactor, server, std::move(errand), timeout);
    reactor.run_after(timeout, [&] { ended("no answer in time"); });
  }
  reactor.run();
  if (end && !end->empty()) {
    throw std::runtime_error(escaped_for_terminal(*end) +
                             hint_for(server, *end));
  }
}

}  // namespace rp
