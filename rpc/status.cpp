#include "rpc/status.h"

#include <unistd.h>

#include <utility>

#include "rpc/discover.h"
#include "rpc/open_connections.h"

namespace rp {

namespace {

constexpr std::size_t kMostEvents = 1000;

double microseconds_of(Duration duration) {
  return std::chrono::duration<double, std::micro>(duration).count();
}

void add_percentiles(ObjectBuilder& object, const Histogram& durations) {
  const bool none = durations.count() == 0;
  const auto or_null = [none](Duration duration) {
    return none ? Value() : Value(microseconds_of(duration));
  };
  object.add("count", durations.count())
      .add("p50", or_null(durations.percentile(50)))
      .add("p90", or_null(durations.percentile(90)))
      .add("p99", or_null(durations.percentile(99)))
      .add("max", or_null(durations.max()));
}

Value percentiles(Arena& arena, const Histogram& durations) {
  ObjectBuilder object(arena);
  add_percentiles(object, durations);
  return object.build();
}

Value row(Arena& arena, const TraceRing::Record& event) {
  return ArrayBuilder(arena)
      .push(event.time_us)
      .push(event.tick)
      .push(text(arena, event.phase))
      .push(text(arena, event.lane))
      .push(text(arena, event.what))
      .push(event.id)
      .push(event.length_us)
      .build();
}

Value connections(Arena& arena, const OpenConnections& open) {
  ArrayBuilder rows(arena);
  for (const ConnectionNumbers& connection : open.listed) {
    rows.push(ObjectBuilder(arena)
                  .add("id", connection.id)
                  .add("wire", connection.wire)
                  .add("peer", text(arena, connection.peer))
                  .add("unsent", connection.unsent)
                  .add("pause_at", connection.pause_at)
                  .add("close_at", connection.close_at)
                  .add("paused", connection.paused)
                  .build());
  }
  return rows.build();
}

Value closed(Arena& arena, const Reactor::Stats& stats) {
  ObjectBuilder by_reason(arena);
  for (std::size_t reason = 0; reason < kCloseReasons; ++reason) {
    by_reason.add(to_string(static_cast<CloseReason>(reason)),
                  stats.closed[reason]);
  }
  return by_reason.build();
}

Value turned_away(Arena& arena, const Acceptor::Stats& knocked) {
  return ObjectBuilder(arena)
      .add("full", knocked.refused)
      .add("no_descriptor", knocked.shed)
      .build();
}

// A batch may hold a thousand notifications, which are work for nothing.
template <class Read>
Handler if_asked(Read read) {
  return [read](Call& call) -> Value {
    return call.is_notification() ? Value() : read(call.params());
  };
}

}  // namespace

Status::Status(Dispatcher& service, Parts parts, Options options)
    : service_(service),
      reactor_(service.reactor()),
      parts_(std::move(parts)),
      options_(std::move(options)),
      start_(reactor_.clock().now()),
      loop_(reactor_) {
  service.method("rpc.status", on_loop, if_asked([this](const Params& params) {
                   return report(params.arena());
                 }),
                 {.summary = "how the server is, now"});
  service.method("rpc.trace", on_loop, if_asked([this](const Params& params) {
                   return trace(params);
                 }),
                 {.params = {{"after", Type::integer, false}},
                  .summary = "what the loop and its workers did since"});
  service.method(
      "rpc.discover", on_loop, if_asked([this](const Params& params) {
        return openrpc_document(
            service_, {.title = options_.name, .version = options_.version},
            params.arena());
      }),
      {.summary = "this service as an OpenRPC document"});
  methods_.emplace(service);
}

Value Status::report(Arena& arena) {
  loop_.look();
  const OpenConnections open = open_connections(reactor_, options_.connections);
  return ObjectBuilder(arena)
      .add("server", server(arena))
      .add("loop", loop(arena))
      .add("pool", pool(arena))
      .add("processes", processes(arena))
      .add("connections", connections(arena, open))
      .add("connections_total", open.total)
      .add("turned_away", turned_away(arena, open.knocked))
      .add("closed", closed(arena, reactor_.stats()))
      .add("http", http(arena))
      .add("methods", methods(arena))
      .add("requests", requests(arena))
      .build();
}

Value Status::server(Arena& arena) const {
  const std::chrono::duration<double> uptime = now() - start_;
  return ObjectBuilder(arena)
      .add("name", std::string_view(options_.name))
      .add("pid", ::getpid())
      .add("uptime_s", uptime.count())
      .add("poller", text(arena, reactor_.poller().name()))
      .add("draining", reactor_.draining())
      .add("version", std::string_view(options_.version))
      .build();
}

Value Status::loop(Arena& arena) const {
  const Reactor::Stats& stats = reactor_.stats();
  return ObjectBuilder(arena)
      .add("ticks", stats.ticks)
      .add("tick_us", percentiles(arena, loop_.ticks()))
      .add("lag_us", percentiles(arena, loop_.lag()))
      .add("timers", reactor_.timers().size())
      .add("handlers", reactor_.handlers())
      .add("late_events", stats.late_events)
      .add("exceptions", stats.exceptions)
      .add("slow", slow_callbacks(arena))
      .build();
}

Value Status::slow_callbacks(Arena& arena) const {
  ArrayBuilder rows(arena);
  for (const LoopWatch::Slow& slow : loop_.slow()) {
    const auto ago =
        std::chrono::floor<std::chrono::milliseconds>(now() - slow.at);
    rows.push(ObjectBuilder(arena)
                  .add("what", text(arena, slow.what))
                  .add("name", text(arena, slow.name))
                  .add("id", slow.id)
                  .add("length_us", microseconds_of(slow.length))
                  .add("ago_ms", ago.count())
                  .add("times", slow.times)
                  .build());
  }
  return rows.build();
}

Value Status::method(Arena& arena, const MethodWatch::Numbers& method) const {
  return ObjectBuilder(arena)
      .add("name", std::string_view(method.name))
      .add("where", std::string_view(method.where))
      .add("calls", method.calls)
      .add("in_flight", method.in_flight)
      .add("errors", method.errors)
      .add("latency_us", percentiles(arena, method.recent.at(now())))
      .build();
}

Value Status::methods(Arena& arena) const {
  ArrayBuilder rows(arena);
  for (const auto* numbers : methods_->methods()) {
    rows.push(method(arena, *numbers));
  }
  return rows.build();
}

Value Status::requests(Arena& arena) const {
  ObjectBuilder by_code(arena);
  for (const auto& [code, count] : errors()) {
    by_code.add(std::to_string(code), count);
  }
  std::uint64_t refused = 0;
  for (const auto& [code, count] : service_.refused()) refused += count;
  return ObjectBuilder(arena)
      .add("total", methods_->total() + refused)
      .add("per_second", methods_->per_second())
      .add("errors", by_code.build())
      .build();
}

std::map<int, std::uint64_t> Status::errors() const {
  std::map<int, std::uint64_t> errors = methods_->errors();
  for (const auto& [code, count] : service_.refused()) errors[code] += count;
  return errors;
}

Value Status::trace(const Params& params) const {
  const std::int64_t after = params.integer_or("after", 0);
  if (after < 0) throw RpcError(kInvalidParams, "\"after\" is negative");
  if (parts_.trace == nullptr) {
    throw RpcError(kInternalError, "this server has no trace");
  }
  parts_.trace->look();
  Arena& arena = params.arena();
  Value answer;
  parts_.trace->read(static_cast<std::uint64_t>(after), kMostEvents,
                     [&](const TraceRing::Events& news) {
                       ArrayBuilder rows(arena);
                       for (const auto* event : news.events) {
                         rows.push(row(arena, *event));
                       }
                       answer = ObjectBuilder(arena)
                                    .add("seq", news.next)
                                    .add("skipped", news.skipped)
                                    .add("skipped_jobs", news.skipped_jobs)
                                    .add("events", rows.build())
                                    .build();
                     });
  return answer;
}

}  // namespace rp
