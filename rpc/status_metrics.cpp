#include <unistd.h>

#include <array>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "rpc/open_connections.h"
#include "rpc/status.h"

namespace rp {

namespace {

using Count = std::uint64_t;

constexpr std::array kCodes = {kParseError,
                               kInvalidRequest,
                               kMethodNotFound,
                               kInvalidParams,
                               kInternalError,
                               kHandlerFailed,
                               kDeadlinePassed,
                               kOverloaded,
                               kWorkerLost,
                               kShuttingDown,
                               0};
constexpr std::array kLimits = {0.0001, 0.001, 0.01, 0.1, 1.0, 10.0};

double plain(Count count) { return static_cast<double>(count); }

void put_durations(MetricsText& text, MetricsText::Labels labels,
                   const Histogram& durations) {
  std::array<MetricsText::Bucket, kLimits.size()> buckets;
  for (std::size_t i = 0; i < kLimits.size(); ++i) {
    const auto limit = std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(kLimits[i]));
    buckets[i] = {kLimits[i], durations.count_up_to(limit)};
  }
  text.histogram(labels, buckets, durations.total_seconds(), durations.count());
}

void put_one(MetricsText& text, std::string_view name, std::string_view type,
             std::string_view help, Count value) {
  text.family(name, type, help);
  text.sample(plain(value));
}

void put_fates(MetricsText& text, std::string_view name,
               const Count (&by_fate)[5]) {
  text.family(name, "counter", "Jobs that have ended, by how.");
  for (const Fate fate : {Fate::finished, Fate::failed, Fate::expired,
                          Fate::refused, Fate::dropped}) {
    text.sample({{"fate", to_string(fate)}},
                plain(by_fate[static_cast<std::size_t>(fate)]));
  }
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  double all = 0;
  double resident = 0;
  statm >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

// The 22nd field of stat (proc(5)), in ticks since the machine was started. The
// second one, the program's name in brackets, may hold anything.
double start_time_seconds() {
  std::string line;
  std::ifstream own("/proc/self/stat");
  std::getline(own, line);
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string word;
  for (int field = 3; field < 22; ++field) fields >> word;
  double ticks = 0;
  fields >> ticks;
  std::ifstream machine("/proc/stat");
  while (machine >> word && word != "btime") {
  }
  double machine_start = 0;
  machine >> machine_start;
  return machine_start + ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

void own_metrics(MetricsText& text) {
  static const double start = start_time_seconds();
  text.family("process_resident_memory_bytes", "gauge", "Memory in use.");
  text.sample(resident_bytes());
  text.family("process_start_time_seconds", "gauge",
              "When the process was started, since 1970.");
  text.sample(start);
}

}  // namespace

std::string Status::metrics() const {
  MetricsText text;
  text.family("rp_uptime_seconds", "gauge", "Since the server was made.");
  text.sample(std::chrono::duration<double>(now() - start_).count());
  put_one(text, "rp_draining", "gauge", "1 while the server takes its leave.",
          reactor_.draining() ? 1 : 0);
  loop_metrics(text);
  if (parts_.threads != nullptr) pool_metrics(text);
  if (parts_.processes != nullptr) process_metrics(text);
  connection_metrics(text);
  if (!sites_.empty()) http_metrics(text);
  method_metrics(text);
  Count lost = 0;
  for (const LineLog* log : parts_.logs) lost += log->lost();
  put_one(text, "rp_log_lost_total", "counter",
          "Lines of logs that were lost: not taken in time or not written.",
          lost);
  own_metrics(text);
  return text.text();
}

void Status::loop_metrics(MetricsText& text) const {
  const Reactor::Stats& stats = reactor_.stats();
  put_one(text, "rp_loop_ticks_total", "counter", "Turns of the loop.",
          stats.ticks);
  text.family("rp_loop_tick_seconds", "histogram",
              "From the end of the wait to the next tick.");
  put_durations(text, {}, stats.tick_length);
  text.family("rp_loop_timer_lateness_seconds", "histogram",
              "How long after its time a timer fired.");
  put_durations(text, {}, stats.timer_lateness);
  put_one(text, "rp_loop_slow_callbacks_total", "counter",
          "Callbacks that took longer than they should.", loop_.slow_count());
  put_one(text, "rp_loop_exceptions_total", "counter",
          "Exceptions that came out of callbacks.", stats.exceptions);
  put_one(text, "rp_loop_timers", "gauge", "Timers that wait.",
          reactor_.timers().size());
}

void Status::pool_metrics(MetricsText& text) const {
  const ThreadPool::Stats stats = parts_.threads->stats();
  put_one(text, "rp_pool_workers", "gauge", "Threads that can take jobs.",
          stats.workers);
  put_one(text, "rp_pool_retired_workers", "gauge",
          "Threads stuck in jobs that were given up.", stats.stuck);
  put_one(text, "rp_pool_running_jobs", "gauge",
          "Jobs that have begun and are waited for.", stats.running);
  put_one(text, "rp_pool_waiting_jobs", "gauge", "Jobs that wait for a thread.",
          waiting());
  put_fates(text, "rp_pool_jobs_total",
            parts_.deadlines != nullptr ? parts_.deadlines->stats().settled
                                        : stats.settled);
}

void Status::process_metrics(MetricsText& text) const {
  const ProcessWorkers::Stats stats = parts_.processes->stats();
  put_one(text, "rp_process_workers", "gauge", "Child processes that live.",
          stats.workers);
  put_one(text, "rp_process_running_jobs", "gauge", "Jobs that a child has.",
          stats.running);
  put_one(text, "rp_process_waiting_jobs", "gauge",
          "Jobs that wait for a child.", stats.waiting);
  put_one(text, "rp_process_started_total", "counter",
          "Children that were started.", stats.started);
  put_one(text, "rp_process_killed_total", "counter",
          "Children that were killed by the server.", stats.killed);
  put_fates(text, "rp_process_jobs_total", stats.settled);
}

void Status::connection_metrics(MetricsText& text) const {
  std::map<std::string_view, Count> open = {
      {"tcp", 0}, {"unix", 0}, {"http", 0}, {"websocket", 0}};
  Count unsent = 0;
  const OpenConnections all = open_connections(reactor_, SIZE_MAX);
  for (const auto& connection : all.listed) {
    ++open[connection.wire];
    unsent += connection.unsent;
  }
  text.family("rp_connections", "gauge", "Open connections, by their wire.");
  for (const auto& [wire, count] : open) {
    text.sample({{"wire", wire}}, plain(count));
  }
  put_one(text, "rp_connections_unsent_bytes", "gauge",
          "What waits until peers read, over all connections.", unsent);
  put_one(text, "rp_connections_accepted_total", "counter",
          "Connections that were taken.", all.knocked.accepted);
  text.family("rp_connections_refused_total", "counter",
              "Connections that were turned away, by why.");
  text.sample({{"why", "full"}}, plain(all.knocked.refused));
  text.sample({{"why", "no_descriptor"}}, plain(all.knocked.shed));
  text.family("rp_handles_closed_total", "counter",
              "Connections and other handles that have ended, by why.");
  const Reactor::Stats& stats = reactor_.stats();
  for (std::size_t reason = 0; reason < kCloseReasons; ++reason) {
    text.sample({{"why", to_string(static_cast<CloseReason>(reason))}},
                plain(stats.closed[reason]));
  }
}

void Status::http_metrics(MetricsText& text) const {
  const HttpStats stats = http_stats();
  put_one(text, "rp_http_requests_total", "counter",
          "Requests whose head was read.", stats.requests);
  put_one(text, "rp_http_failed_total", "counter",
          "Requests whose handler threw or forgot to answer.", stats.failed);
  text.family("rp_http_refused_total", "counter",
              "Requests that reached no handler, by why.");
  text.sample({{"why", "malformed"}}, plain(stats.malformed));
  text.sample({{"why", "foreign_host"}}, plain(stats.foreign_hosts));
  text.sample({{"why", "foreign_origin"}}, plain(stats.foreign_origins));
  text.sample({{"why", "too_slow"}}, plain(stats.too_slow));
}

void Status::method_metrics(MetricsText& text) const {
  const auto methods = methods_->methods();
  text.family("rp_method_seconds", "histogram",
              "From a call's arrival to its answer, waiting included.");
  for (const auto* method : methods) {
    if (method->calls == 0) continue;
    put_durations(text, {{"method", method->name}}, method->all);
  }
  text.family("rp_method_in_flight", "gauge", "Calls not answered yet.");
  for (const auto* method : methods) {
    text.sample({{"method", method->name}}, plain(method->in_flight));
  }
  text.family("rp_method_errors_total", "counter", "Answers that are errors.");
  for (const auto* method : methods) {
    text.sample({{"method", method->name}}, plain(method->errors));
  }
  text.family("rp_errors_total", "counter",
              "Answers that are errors, by code; other codes are 0.");
  auto by_code = errors();
  for (const int code : kCodes) by_code.try_emplace(code, 0);
  for (const auto& [code, count] : by_code) {
    text.sample({{"code", std::to_string(code)}}, plain(count));
  }
}

}  // namespace rp
