#include "tests/support/http_transport.h"

#include "reactor/socket.h"
#include "rpc/http_rpc.h"
#include "rpc/http_server.h"
#include "rpc/wire/http_writer.h"
#include "tests/support/http_peer.h"

namespace rp {
namespace {

class HttpTransport : public Transport {
 public:
  explicit HttpTransport(Dispatcher& service)
      : server_(service.reactor(), Address::parse("127.0.0.1:0")),
        peer_(connect_blocking(server_.address())) {
    serve_json_rpc(server_, "/rpc", service);
  }

  void send(std::string_view json) override {
    std::string text;
    write_request(text, {.method = "POST",
                         .target = "/rpc",
                         .fields = {{"Host", server_.address().to_string()},
                                    {"Content-Type", "application/json"}},
                         .body = std::string(json)});
    peer_.send(text);
  }

  const std::vector<std::string>& received() override {
    const auto& answers = peer_.answers();
    for (; taken_ < answers.size(); ++taken_) {
      if (answers[taken_].status != 204) texts_.push_back(answers[taken_].body);
    }
    return texts_;
  }

 private:
  HttpServer server_;
  HttpPeer peer_;
  std::size_t taken_ = 0;
  std::vector<std::string> texts_;
};

}  // namespace

TransportKind http_transport() {
  return {"Http", [](Dispatcher& service) -> std::unique_ptr<Transport> {
            return std::make_unique<HttpTransport>(service);
          }};
}

}  // namespace rp
