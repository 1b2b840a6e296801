#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pool/deadlines.h"
#include "pool/job_watch.h"
#include "pool/line_log.h"
#include "pool/live_trace.h"
#include "pool/process_workers.h"
#include "pool/thread_pool.h"
#include "pool/turnstile.h"
#include "rpc/dispatcher.h"
#include "rpc/http_site.h"
#include "rpc/loop_watch.h"
#include "rpc/method_watch.h"
#include "rpc/wire/json_value.h"
#include "rpc/wire/metrics_text.h"

namespace rp {

/// What a server tells of itself, to whoever asks: the page, an operator, a
/// script.
///
///     register_methods(service);
///     Status status{service, {.threads = &pool, .jobs = &watch}};
///     reactor.run();                  // rpc.status, rpc.trace, rpc.discover
///
/// It registers three methods on the loop:
/// - `rpc.status`: an object with "server", "loop", "pool", "processes",
///   "connections" (the first of them), "connections_total" (how many are
///   open), "turned_away", "closed" (handles, by CloseReason), "http",
///   "methods" and "requests". Durations and percentiles are of the last
///   seconds, in microseconds; counters are of all time. Parts that are not
///   there are null.
/// - `rpc.trace {"after": n}`: what the loop and its workers did since, as
///   {"seq": for the next call, "skipped": events that are lost to who is too
///   slow, "skipped_jobs": whether any of workers are among them, "events":
///   [[time_us, tick, phase, lane, what, id, length_us], ...]}, at most 1,000.
///   -32602 when n is below zero, -32603 without a trace.
/// - `rpc.discover`: an OpenRPC document; see rpc/discover.h.
/// Called as notifications they do nothing.
///
/// Loop and methods have `{"count", "p50", "p90", "p99", "max"}` of durations,
/// null but for the count when there were none; workers of both kinds have
/// `{"lane", "job", "running_us", "state"}`.
///
/// Nothing is pushed, and nothing is kept for a viewer: one that is slow asks
/// less often. What costs (a probe of the loop, the trace) is on while somebody
/// has asked in the last seconds.
///
/// Thread rule: the loop's thread. It must be made after all methods are
/// registered, for it watches those; it and its parts must outlive run().
class Status {
 public:
  /// What it looks at; the null ones are not there.
  struct Parts {
    const ThreadPool* threads = nullptr;
    /// Who runs what; without it all threads seem idle.
    const JobWatch* jobs = nullptr;
    /// Around all of them: counts jobs as their callers see them.
    const Deadlines* deadlines = nullptr;
    std::vector<const Turnstile*> queues = {};  ///< between the two
    const ProcessWorkers* processes = nullptr;
    LiveTrace* trace = nullptr;
    std::vector<const LineLog*> logs = {};  ///< whose losses are told
  };

  struct Options {
    std::string name = "server";    ///< the program's
    std::string version = "0";      ///< of its interface
    std::size_t connections = 100;  ///< listed; all are counted
  };

  Status(Dispatcher& service, Parts parts, Options options);
  Status(Dispatcher& service, Parts parts)
      : Status(service, std::move(parts), Options()) {}
  Status(const Status&) = delete;
  Status& operator=(const Status&) = delete;

  /// The answer to rpc.status.
  Value report(Arena& arena);

  /// The counters of all time and the present state in Prometheus's text
  /// format (see rpc/wire/metrics_text.h): names begin with "rp_", and with
  /// "process_" where scrapers expect it.
  std::string metrics() const;

  /// From now on it tells what `site` refuses, too; several may be watched.
  void watch(const HttpSite& site) { sites_.push_back(&site); }

  /// To be told of slow callbacks, and to tell of answers.
  LoopWatch& loop() { return loop_; }
  MethodWatch& methods() { return *methods_; }

  /// A callback of the loop was slow: see Reactor::on_slow_callback(), and
  /// LoopWatch::slow() for what is returned.
  const LoopWatch::Slow* slow(const TraceEvent& event) {
    return loop_.slow(event, methods_->last());
  }

 private:
  Value server(Arena& arena) const;
  Value loop(Arena& arena) const;
  Value slow_callbacks(Arena& arena) const;
  Value pool(Arena& arena) const;
  Value processes(Arena& arena) const;
  Value http(Arena& arena) const;
  Value method(Arena& arena, const MethodWatch::Numbers& method) const;
  Value methods(Arena& arena) const;
  Value requests(Arena& arena) const;
  Value trace(const Params& params) const;

  void loop_metrics(MetricsText& text) const;
  void pool_metrics(MetricsText& text) const;
  void process_metrics(MetricsText& text) const;
  void connection_metrics(MetricsText& text) const;
  void http_metrics(MetricsText& text) const;
  void method_metrics(MetricsText& text) const;

  /// Of all answers, those too that no method gave.
  std::map<int, std::uint64_t> errors() const;
  TimePoint now() const { return reactor_.clock().now(); }
  std::size_t waiting() const;

  /// Of all sites that are watched.
  HttpStats http_stats() const;

  Dispatcher& service_;
  Reactor& reactor_;
  const Parts parts_;
  const Options options_;
  const TimePoint start_;
  LoopWatch loop_;
  std::vector<const HttpSite*> sites_;
  std::optional<MethodWatch> methods_;
};

}  // namespace rp
