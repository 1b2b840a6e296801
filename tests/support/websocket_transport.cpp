#include "tests/support/websocket_transport.h"

#include "reactor/socket.h"
#include "rpc/http_server.h"
#include "rpc/websocket_connection.h"
#include "rpc/websocket_server.h"

namespace rp {
namespace {

/// What goes to the server as soon as it listens, and what came back.
struct Texts {
  std::vector<std::string> waiting;
  std::vector<std::string> received;
  WebSocketPeer* open = nullptr;
};

class TextPeer : public WebSocketPeer {
 public:
  explicit TextPeer(std::shared_ptr<Texts> texts) : texts_(std::move(texts)) {}
  ~TextPeer() override { texts_->open = nullptr; }

 private:
  void on_open() override {
    texts_->open = this;
    for (const std::string& text : texts_->waiting) send_text(text);
  }
  void on_text(std::string_view text) override {
    texts_->received.emplace_back(text);
  }

  std::shared_ptr<Texts> texts_;
};

class WebSocketTransport : public Transport {
 public:
  explicit WebSocketTransport(Dispatcher& service)
      : server_(service.reactor(), Address::parse("127.0.0.1:0")) {
    serve_json_rpc_websocket(server_, "/rpc", service);
    UniqueFd fd = connect_blocking(server_.address());
    set_blocking(fd.get(), false);
    service.reactor().add(
        std::make_unique<WebSocketConnection>(
            std::move(fd), server_.address(), server_.address().to_string(),
            "/rpc", std::make_unique<TextPeer>(texts_)),
        Interest::reading());
  }

  void send(std::string_view json) override {
    if (texts_->open != nullptr) return texts_->open->send_text(json);
    texts_->waiting.emplace_back(json);
  }
  const std::vector<std::string>& received() override {
    return texts_->received;
  }

 private:
  HttpServer server_;
  std::shared_ptr<Texts> texts_ = std::make_shared<Texts>();
};

}  // namespace

TransportKind websocket_transport() {
  return {"WebSocket", [](Dispatcher& service) -> std::unique_ptr<Transport> {
            return std::make_unique<WebSocketTransport>(service);
          }};
}

}  // namespace rp
