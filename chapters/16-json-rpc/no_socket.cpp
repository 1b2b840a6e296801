#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/place.h"
#include "rpc/responder.h"

namespace {

void print(std::string_view arrow, std::string_view json) {
  std::printf("%s %s\n", std::string(arrow).c_str(), std::string(json).c_str());
}

rp::Value subtract(const rp::Params& params) {
  return params.integer("minuend") - params.integer("subtrahend");
}

}  // namespace

// A whole service, and nobody has opened a socket: text in, text out.
int main() {
  rp::Reactor reactor;
  rp::Dispatcher service{reactor};
  service.method("subtract", rp::on_loop, subtract,
                 {.params = {{"minuend", rp::Type::integer},
                             {"subtrahend", rp::Type::integer}}});

  auto context = std::make_shared<const rp::CallContext>(
      rp::CallContext{.loop = service.loop(),
                      .arenas = service.arenas(),
                      .link = nullptr,
                      .address = "this program",
                      .headers = {},
                      .can_be_asked = false});
  rp::Responder responder{service, context,
                          [](std::string_view json) { print("<--", json); }};
  for (std::string_view json : {
           R"({"jsonrpc":"2.0","method":"subtract","params":[42,23],"id":1})",
           R"({"jsonrpc":"2.0","method":"subtract","params":[42],"id":2})",
           R"({"jsonrpc":"2.0","method":"subtract","params":[42,23]})",
           R"({"jsonrpc":"2.0","method":"divide","id":4})",
           R"([{"jsonrpc":"2.0","method":"subtract","params":[5,3],"id":5},7])",
           R"({"jsonrpc":"2.0","method")",
       }) {
    print("-->", json);
    responder.receive(json);
  }
}
