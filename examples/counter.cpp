// A counter that a thousand calls raise on many threads, without a lock: each
// call posts to its loop, where what is posted runs one after another.

#include <cstdio>
#include <utility>

#include "pool/reactor_pool.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/in_pool.h"
#include "rpc/local.h"

namespace {

constexpr int kWorkers = 8;
constexpr int kCalls = 1000;

}  // namespace

int main() {
  rp::Reactor reactor;
  rp::ReactorPool pool{reactor, {.workers = kWorkers}};
  rp::Dispatcher service{reactor};
  int counter = 0;  // the loop's: no other thread touches it

  service.method("raise", rp::InPool{pool.executor()},
                 [&counter](rp::Call call, rp::Reply reply) {
                   const rp::Mailbox loop = call.loop();
                   loop.post([&counter, reply = std::move(reply)]() mutable {
                     reply.result(++counter);
                   });
                 });

  rp::Dispatcher nothing{reactor};
  rp::LocalClient client{service, nothing};
  int answers = 0;
  const auto take = [&](const rp::CallResult& answer) {
    if (!answer.ok()) std::printf("%s\n", answer.error->what());
    if (++answers == kCalls) reactor.stop();
  };
  reactor.run([&] {
    for (int i = 0; i < kCalls; ++i) client.ask("raise", {}, take);
  });
  std::printf("%d calls on %d workers: the counter is at %d\n", kCalls,
              kWorkers, counter);
}
