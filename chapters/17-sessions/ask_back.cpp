#include <cstdio>
#include <string>
#include <utility>

#include "reactor/reactor.h"
#include "rpc/client.h"
#include "rpc/dispatcher.h"
#include "rpc/place.h"
#include "rpc/tcp_server.h"
#include "rpc/wire/json_writer.h"

namespace {

// Answers only when its caller has answered.
void greet(rp::Call call, rp::Reply reply) {
  const rp::Caller caller = call.caller();
  caller.notify("wait", {});
  caller.ask("name", {},
             [reply = std::move(reply)](const rp::CallResult& name) mutable {
               rp::Arena arena;
               reply.result(rp::text(
                   arena, "hello " + std::string(name.get().as_string())));
             });
}

}  // namespace

// One connection, requests in both directions, one thread for both ends.
int main() {
  rp::Reactor reactor;
  rp::Dispatcher service{reactor};
  service.method("greet", rp::on_loop, greet);
  const rp::TcpServer server{service, rp::Address::parse("127.0.0.1:0")};

  rp::Dispatcher own{reactor};
  own.method("wait", rp::on_loop, [](const rp::Params&) -> rp::Value {
    std::printf("the server says: wait\n");
    return nullptr;
  });
  own.method("name", rp::on_loop, [](const rp::Params&) -> rp::Value {
    std::printf("the server asks: name?\n");
    return "Ann";
  });
  rp::Client client{own, {server.address()}};
  client.ask("greet", {}, [&](const rp::CallResult& greeting) {
    std::printf("the answer: %s\n", rp::to_json(greeting.get()).c_str());
    reactor.stop();
  });
  reactor.run();
}
