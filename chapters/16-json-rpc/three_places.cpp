#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pool/process_workers.h"
#include "pool/reactor_pool.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/in_pool.h"
#include "rpc/in_process.h"
#include "rpc/responder.h"

using namespace std::chrono_literals;

namespace {

rp::Value add(const rp::Params& params) {
  return params.at(0).as_int64() + params.at(1).as_int64();
}

// Never ends by itself, but can be asked to.
rp::Value spin(rp::Call& call) {
  while (!call.stop_requested()) std::this_thread::yield();
  return "too late";
}

// A worker that dies of every call.
const std::vector<std::string> kMortal = {"sh", "-c", "read -r call; kill $$"};

}  // namespace

// One word says how far from the loop a method runs; the caller sees the same
// call. What is ready first is answered first.
int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = 2}};
  rp::ProcessWorkers processes{reactor, {.command = kMortal, .workers = 1}};
  const rp::InPool in_pool{pool.executor()};
  const rp::InProcess in_process{processes};
  rp::Dispatcher service{reactor};
  service.method("add", rp::on_loop, add);
  service.method("slow_add", in_pool, add);
  service.method("spin", in_pool, spin, {.deadline = 500ms});
  service.method("crash", in_process, add);

  auto context = std::make_shared<const rp::CallContext>(
      rp::CallContext{.loop = service.loop(),
                      .arenas = service.arenas(),
                      .link = nullptr,
                      .address = "this program",
                      .headers = {},
                      .can_be_asked = false});
  int open = 4;
  rp::Responder responder{service, context, [&](std::string_view json) {
                            std::printf("%s\n", std::string(json).c_str());
                            if (--open == 0) reactor.stop();
                          }};
  reactor.run([&] {
    responder.receive(R"({"jsonrpc":"2.0","method":"spin","id":1})");
    responder.receive(R"({"jsonrpc":"2.0","method":"crash","id":4})");
    responder.receive(
        R"({"jsonrpc":"2.0","method":"slow_add","params":[2,3],"id":2})");
    responder.receive(
        R"({"jsonrpc":"2.0","method":"add","params":[2,3],"id":3})");
  });
}
