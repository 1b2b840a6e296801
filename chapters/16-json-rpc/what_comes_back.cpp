#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/place.h"
#include "rpc/responder.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_writer.h"

namespace {

// An answer in few words: "7 gets 19", "7 fails -32601".
std::string in_words(const rp::Value& answer) {
  const std::string id = rp::to_json(*answer.find("id"));
  const rp::Value* result = answer.find("result");
  if (result != nullptr) return id + " gets " + rp::to_json(*result);
  return id + " fails " + rp::to_json(*answer.find("error")->find("code"));
}

// Called once for each text that goes back to the peer.
void print(std::string_view json) {
  rp::Arena arena;
  const rp::Parsed answer = rp::parse_json(json, arena);
  if (!answer) return void(std::puts("what is no JSON"));
  if (!answer.value.is_array()) {
    return void(std::puts(in_words(answer.value).c_str()));
  }
  std::string line = "together:";
  for (const rp::Value& one : answer.value.items()) {
    line += " " + in_words(one) + ";";
  }
  std::puts(line.c_str());
}

rp::Value add(const rp::Params& params) {
  return params.integer("a") + params.integer("b");
}

}  // namespace

// "add" answers at once, "later" when its reply is used, below.
int main() {
  rp::Reactor reactor;
  rp::Dispatcher service{reactor};
  std::vector<rp::Reply> kept;
  service.method(
      "add", rp::on_loop, add,
      {.params = {{"a", rp::Type::integer}, {"b", rp::Type::integer}}});
  service.method("later", rp::on_loop, [&](rp::Call, rp::Reply reply) {
    kept.push_back(std::move(reply));
  });
  auto context = std::make_shared<const rp::CallContext>(
      rp::CallContext{.loop = service.loop(),
                      .arenas = service.arenas(),
                      .link = nullptr,
                      .address = "this program",
                      .headers = {},
                      .can_be_asked = false});
  rp::Responder responder{service, context, print};

  for (std::string_view json : {
           R"({"jsonrpc":"2.0","method":"later","id":1})",
           R"({"jsonrpc":"2.0","method":"add","params":{"b":3,"a":2},"id":2})",
           R"({"jsonrpc":"2.0","method":"add","params":[2],"id":"3"})",
           R"({"jsonrpc":"2.0","method":"add","params":[2]})",
           R"({"method":"add","params":[2,3],"id":4})",
           R"([{"jsonrpc":"2.0","method":"later","id":5},
               {"jsonrpc":"2.0","method":"add","params":[1,2]},
               {"jsonrpc":"2.0","method":"sub","id":6},
               7])",
           R"([{"jsonrpc":"2.0","method":"add","params":[1,2]}])",
           R"([])",
           R"({"jsonrpc":"2.0","method":"later","id":8)",
       }) {
    responder.receive(json);
  }
  kept[1].result("five");
  kept[0].result("one");
  responder.receive(R"({"jsonrpc":"2.0","method":"later","id":9})");
  kept.clear();
}
