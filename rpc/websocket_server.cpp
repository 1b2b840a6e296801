#include "rpc/websocket_server.h"

#include <utility>

#include "rpc/websocket_session.h"
#include "rpc/wire/websocket_handshake.h"

namespace rp {

namespace {

class WebSocketTakeover : public Takeover {
 public:
  WebSocketTakeover(std::unique_ptr<WebSocketPeer> user, WebSocketLimits limits)
      : wire_(WebSocketSide::server, std::move(user), limits) {}

  void on_start(Connection& stream) override { wire_.begin(stream); }
  void on_data(std::string_view bytes) override { wire_.take(bytes); }
  void on_end() override { wire_.take_end(); }
  void on_unchoked() override { wire_.go_on(); }
  bool is_idle() const override { return wire_.is_idle(); }
  void on_drain() override { wire_.drain(); }
  void on_disconnect(CloseReason reason) override { wire_.lost(reason); }

 private:
  WebSocketWire wire_;
};

}  // namespace

void serve_websocket(HttpSite& site, const std::string& path,
                     MakeWebSocketPeer make, WebSocketLimits limits) {
  site.upgrade(path, "websocket",
               [make = std::move(make),
                limits](const HttpRequest& request) mutable -> HttpUpgrade {
                 HttpResponse answer = answer_handshake(request);
                 if (answer.status != 101) return {std::move(answer)};
                 auto user = make(request);
                 if (!user) return {HttpResponse{.status = 404}};
                 return {std::move(answer), std::make_unique<WebSocketTakeover>(
                                                std::move(user), limits)};
               });
}

void serve_json_rpc_websocket(HttpSite& site, const std::string& path,
                              Dispatcher& service, WebSocketLimits limits,
                              SessionLimits session) {
  const auto make = [&service, session](const HttpRequest& request) {
    return std::make_unique<WebSocketSession>(
        [&service, session, headers = request.fields](const Address& peer) {
          return std::make_unique<Session>(service, peer.to_string(), session,
                                           headers);
        });
  };
  serve_websocket(site, path, make, limits);
}

}  // namespace rp
