// A counter that a thousand calls raise on many threads, without a lock: each
// call posts to its loop, where what is posted runs one after another.

#include <cstdint>
#include <cstdio>
#include <utility>

#include "examples/flags.h"
#include "pool/reactor_pool.h"
#include "reactor/reactor.h"
#include "rpc/dispatcher.h"
#include "rpc/in_pool.h"
#include "rpc/local.h"

namespace {

int count(const rp::Flags& given) {
  const std::int64_t calls = given.integer("calls", 1, 1'000'000);
  const auto workers =
      static_cast<std::size_t>(given.integer("workers", 1, 1024));
  rp::Reactor reactor;
  rp::ReactorPool pool{
      reactor,
      {.workers = workers, .capacity = static_cast<std::size_t>(calls)}};
  rp::Dispatcher service{reactor};
  std::int64_t counter = 0;  // the loop's: no other thread touches it

  service.method("raise", rp::InPool{pool.executor()},
                 [&counter](rp::Call call, rp::Reply reply) {
                   const rp::Mailbox loop = call.loop();
                   loop.post([&counter, reply = std::move(reply)]() mutable {
                     reply.result(++counter);
                   });
                 });

  rp::Dispatcher nothing{reactor};
  rp::LocalClient client{service, nothing};
  std::int64_t answers = 0;
  const auto take = [&](const rp::CallResult& answer) {
    if (!answer.ok()) std::printf("%s\n", answer.error->what());
    if (++answers == calls) reactor.stop();
  };
  reactor.run([&] {
    for (std::int64_t i = 0; i < calls; ++i) client.ask("raise", {}, take);
  });
  std::printf("%jd calls on %zu workers: the counter is at %jd\n",
              std::intmax_t{calls}, workers, std::intmax_t{counter});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  rp::Flags flags("counter",
                  "Raises a counter from many threads, without a lock.");
  flags.option("calls", "N", "how often", "1000");
  flags.option("workers", "N", "threads that answer the calls", "8");
  return rp::run_program(flags, argc, argv, count);
}
