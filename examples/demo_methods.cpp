#include "examples/demo_methods.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace rp {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse(const std::string& what) {
  const std::string general(default_message(kInvalidParams));
  throw RpcError(kInvalidParams, general + ": " + what);
}

Value add(const Params& params) {
  return sum_of(params.get("a"), params.get("b"));
}

Value subtract(const Params& params) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(params.integer("minuend"),
                             params.integer("subtrahend"), &difference)) {
    refuse("the difference does not fit 64 bits");
  }
  return difference;
}

Value sum(const Params& params) {
  Value total = 0;
  if (params.value().is_object()) refuse("send an array of numbers");
  for (std::size_t i = 0; i < params.size(); ++i) {
    const Value item = params.at(i);
    if (!item.is_number()) {
      refuse("number " + std::to_string(i + 1) + " must be a number, not " +
             std::string(kind_name(item.kind())));
    }
    total = sum_of(total, item);
  }
  return total;
}

Value get_data(const Params& params) {
  return ArrayBuilder(params.arena()).push("hello").push(5).build();
}

Value echo(const Params& params) { return params.value(); }

Value nothing(const Params&) { return nullptr; }

// Blocks its worker, unless it is asked to stop.
Value sleep(Call& call) {
  const std::int64_t ms = call.params().integer("ms");
  if (ms < 0 || ms > 60'000) refuse("\"ms\" must be from 0 to 60000");
  std::mutex mutex;
  std::condition_variable_any asked_to_stop;
  std::unique_lock lock(mutex);
  asked_to_stop.wait_for(lock, call.stop_token(), milliseconds(ms),
                         [] { return false; });
  return ms;
}

// The sieve of Eratosthenes; it looks at its token once for each prime.
Value primes(Call& call) {
  const std::int64_t below = call.params().integer("below");
  if (below < 0 || below > 100'000'000) {
    refuse("\"below\" must be from 0 to 100000000");
  }
  const auto end = static_cast<std::size_t>(below);
  std::vector<bool> composite(end);
  std::int64_t count = 0;
  std::size_t largest = 0;
  for (std::size_t n = 2; n < end && !call.stop_requested(); ++n) {
    if (composite[n]) continue;
    ++count;
    largest = n;
    for (std::size_t m = n * n; m < end; m += n) composite[m] = true;
  }
  return ObjectBuilder(call.arena())
      .add("count", count)
      .add("largest", largest)
      .build();
}

// Never ends and does not look at its token: what a deadline is for.
Value spin(const Params&) {
  // Looked at each time: without that a compiler may take the loop away.
  volatile bool for_ever = true;
  while (for_ever) {
  }
  return nullptr;
}

Value crash(const Params&) { std::abort(); }

// A server may ask as well: the answer to this call is made of the caller's
// answer to ours.
void ask_back(Call call, Reply reply) {
  const Caller caller = call.caller();
  caller.ask("your_name", {},
             [reply = std::move(reply)](const CallResult& name) mutable {
               if (!name.ok()) return reply.error(*name.error);
               if (!name.value.is_string()) {
                 return reply.error(RpcError(
                     kHandlerFailed, "your_name must answer with a string"));
               }
               const std::string greeting =
                   "hello, " + std::string(name.value.as_string());
               reply.result(std::string_view(greeting));
             });
}

void register_specification(Dispatcher& service) {
  service.method(
      "subtract", on_loop, subtract,
      {.params = {{"minuend", Type::integer}, {"subtrahend", Type::integer}},
       .summary = "minuend - subtrahend"});
  service.method("sum", on_loop, sum, {.summary = "the sum of its parameters"});
  service.method("update", on_loop, nothing, {.summary = "takes anything"});
  service.method("notify_hello", on_loop, nothing,
                 {.summary = "takes anything"});
  service.method("notify_sum", on_loop, nothing, {.summary = "takes anything"});
  service.method("get_data", on_loop, get_data, {.summary = R"(["hello",5])"});
}

// The same work in the wrong place or in another order, to be watched.
void register_sleep(Dispatcher& service, const Where& in_pool) {
  const Declared ms = {{"ms", Type::integer}};
  const auto deadline = std::chrono::seconds(60);
  service.method("sleep", in_pool, sleep,
                 {.deadline = deadline,
                  .params = ms,
                  .summary = "blocks a worker for so long"});
  service.method("sleep_in_order", in_pool, sleep,
                 {.deadline = deadline,
                  .in_order = true,
                  .params = ms,
                  .summary = "the same, one call of a connection at a time"});
  service.method(
      "sleep_on_loop", on_loop, sleep,
      {.params = ms, .summary = "blocks the loop, and every client with it"});
}

// What has no end must be given up by a pool, and is killed in a process.
void register_trouble(Dispatcher& service, const Where& in_pool,
                      const Where& in_process) {
  const auto deadline = std::chrono::seconds(1);
  service.method(
      "spin", in_process, spin,
      {.deadline = deadline, .summary = "never ends; its deadline kills it"});
  service.method("stuck", in_pool, spin,
                 {.deadline = deadline,
                  .summary = "never ends; its deadline retires its worker"});
  service.method("crash", in_process, crash,
                 {.summary = "ends the process that runs it"});
}

}  // namespace

Value sum_of(const Value& a, const Value& b) {
  std::int64_t exact = 0;
  const bool integers =
      a.kind() == Kind::kInteger && b.kind() == Kind::kInteger;
  if (integers && !__builtin_add_overflow(a.as_int64(), b.as_int64(), &exact)) {
    return exact;
  }
  return a.as_double() + b.as_double();
}

void register_demo_methods(Dispatcher& service, const Where& in_pool,
                           const Where& in_process) {
  register_specification(service);
  service.method("add", on_loop, add,
                 {.params = {{"a", Type::number}, {"b", Type::number}},
                  .summary = "a + b"});
  service.method("echo", on_loop, echo, {.summary = "its parameters"});
  service.method("ask_back", on_loop, ask_back,
                 {.deadline = std::chrono::seconds(10),
                  .summary = "asks its caller for your_name and greets"});
  const Declared below = {{"below", Type::integer}};
  service.method(
      "primes", in_pool, primes,
      {.params = below, .summary = "how many primes there are below a number"});
  service.method("primes_in_process", in_process, primes,
                 {.params = below, .summary = "the same, in a child process"});
  register_sleep(service, in_pool);
  register_trouble(service, in_pool, in_process);
}

}  // namespace rp
