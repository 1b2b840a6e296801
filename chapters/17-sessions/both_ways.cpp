#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reactor/reactor.h"
#include "rpc/place.h"
#include "rpc/session.h"
#include "rpc/wire/json_parser.h"
#include "rpc/wire/json_rpc.h"
#include "rpc/wire/json_writer.h"

namespace {

using namespace std::chrono_literals;

// A message in few words: "1 gets 5", "2 fails -32002", "asks name as 1".
std::string in_words(std::string_view json) {
  rp::Arena arena;
  const rp::Message message =
      rp::read_message(rp::parse_json(json, arena).value);
  if (const auto* asked = std::get_if<rp::Request>(&message)) {
    return "asks " + std::string(asked->method) + " as " +
           rp::to_json(asked->id);
  }
  const auto& response = std::get<rp::Response>(message);
  const std::string id = rp::to_json(response.id);
  if (response.ok) return id + " gets " + rp::to_json(response.result);
  return id + " fails " + rp::to_json(*response.error.find("code"));
}

// A wire that prints what it is told, and leads nowhere.
class Printer : public rp::Wire {
 public:
  void send(std::string_view json) override {
    std::puts(in_words(json).c_str());
  }
  void set_reading(bool wanted) override {
    if (std::exchange(reads_, wanted) != wanted) {
      std::puts(wanted ? "reads on" : "reads no more");
    }
  }
  void finish() override {
    if (!std::exchange(finished_, true)) std::puts("ends");
  }

 private:
  bool reads_ = true;
  bool finished_ = false;
};

void tell(const rp::CallResult& name) {
  const std::string what =
      name.ok() ? rp::to_json(name.value) : std::to_string(name.error->code);
  std::printf("told %s\n", what.c_str());
}

}  // namespace

// One peer, which may have two requests in flight; "later" is answered when
// its reply is used.
int main() {
  rp::Reactor reactor;
  rp::Dispatcher service{reactor};
  std::vector<rp::Reply> kept;
  service.method("later", rp::on_loop, [&](rp::Call, rp::Reply reply) {
    kept.push_back(std::move(reply));
  });
  Printer wire;
  rp::Session session{service, "a peer", {{.in_flight = 2}}};
  session.attach(wire);

  session.receive(R"({"jsonrpc":"2.0","method":"later","id":1})");
  session.receive(R"({"jsonrpc":"2.0","method":"later","id":2})");
  session.ask("name", {}, tell, 1h);
  session.receive(R"({"jsonrpc":"2.0","method":"later","id":3})");
  session.receive(R"({"jsonrpc":"2.0","result":"Bob","id":2})");
  session.receive(R"({"jsonrpc":"2.0","result":"Ann","id":1})");
  kept[1].result("second");
  session.end_of_input();
  session.ask("age", {}, tell, 1h);
  kept[0].result("first");
  reactor.run([&] { reactor.stop(); });
}
