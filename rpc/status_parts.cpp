#include <algorithm>
#include <set>
#include <string>

#include "rpc/status.h"

namespace rp {

namespace {

std::int64_t running_us(TimePoint now, TimePoint since) {
  return std::chrono::duration_cast<std::chrono::microseconds>(now - since)
      .count();
}

Value settled(Arena& arena, const std::uint64_t (&by_fate)[5]) {
  ObjectBuilder fates(arena);
  for (const Fate fate : {Fate::finished, Fate::failed, Fate::expired,
                          Fate::refused, Fate::dropped}) {
    fates.add(to_string(fate), by_fate[static_cast<std::size_t>(fate)]);
  }
  return fates.build();
}

Value lane(Arena& arena, const JobWatch::Worker& worker, TimePoint now) {
  const std::string name = "thread-" + std::to_string(worker.lane);
  const bool busy = worker.id != 0;
  const char* state = busy ? "busy" : "idle";
  if (worker.retired) state = "retired";
  return ObjectBuilder(arena)
      .add("lane", text(arena, name))
      .add("job", busy ? text(arena, worker.job) : Value())
      .add("running_us", busy ? running_us(now, worker.since) : 0)
      .add("state", state)
      .build();
}

// Threads that have had no job yet are added, so that all of them stand here.
std::vector<JobWatch::Worker> lanes(const JobWatch* jobs, std::size_t workers) {
  std::vector<JobWatch::Worker> all;
  if (jobs != nullptr) all = jobs->workers();
  std::set<std::size_t> taken;
  for (const auto& worker : all) {
    taken.insert(worker.lane);
    if (!worker.retired && workers > 0) --workers;
  }
  for (std::size_t lane = 1; workers > 0; ++lane) {
    if (!taken.insert(lane).second) continue;
    all.emplace_back().lane = lane;
    --workers;
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.lane < b.lane; });
  return all;
}

Value lane(Arena& arena, const ProcessWorkers::AtWork& child, TimePoint now) {
  const std::string name = "process-" + std::to_string(child.place + 1);
  const bool busy = child.id != 0;
  const char* state = busy ? "busy" : "idle";
  if (child.ending || child.pid == 0) state = "starting";
  return ObjectBuilder(arena)
      .add("lane", text(arena, name))
      .add("pid", child.pid)
      .add("job", busy ? text(arena, child.kind) : Value())
      .add("running_us", busy ? running_us(now, child.since) : 0)
      .add("state", state)
      .build();
}

}  // namespace

HttpStats Status::http_stats() const {
  HttpStats sum;
  for (const HttpSite* site : sites_) {
    const HttpStats& more = site->stats();
    sum.connections += more.connections;
    sum.requests += more.requests;
    sum.malformed += more.malformed;
    sum.foreign_hosts += more.foreign_hosts;
    sum.foreign_origins += more.foreign_origins;
    sum.too_slow += more.too_slow;
    sum.failed += more.failed;
  }
  return sum;
}

Value Status::http(Arena& arena) const {
  if (sites_.empty()) return {};
  const HttpStats stats = http_stats();
  return ObjectBuilder(arena)
      .add("connections", stats.connections)
      .add("requests", stats.requests)
      .add("malformed", stats.malformed)
      .add("foreign_hosts", stats.foreign_hosts)
      .add("foreign_origins", stats.foreign_origins)
      .add("too_slow", stats.too_slow)
      .add("failed", stats.failed)
      .build();
}

std::size_t Status::waiting() const {
  std::size_t waiting = parts_.threads->stats().waiting;
  for (const Turnstile* queue : parts_.queues) waiting += queue->waiting();
  return waiting;
}

Value Status::pool(Arena& arena) const {
  if (parts_.threads == nullptr) return {};
  const ThreadPool::Stats stats = parts_.threads->stats();
  ArrayBuilder workers(arena);
  for (const auto& worker : lanes(parts_.jobs, stats.workers)) {
    workers.push(lane(arena, worker, now()));
  }
  const auto* all = parts_.deadlines;
  return ObjectBuilder(arena)
      .add("workers", workers.build())
      .add("waiting", waiting())
      .add("capacity", parts_.threads->capacity())
      .add("retired", stats.stuck)
      .add("submitted",
           all != nullptr ? all->stats().submitted : stats.submitted)
      .add("settled", settled(arena, all != nullptr ? all->stats().settled
                                                    : stats.settled))
      .build();
}

Value Status::processes(Arena& arena) const {
  if (parts_.processes == nullptr) return {};
  const ProcessWorkers::Stats stats = parts_.processes->stats();
  ArrayBuilder workers(arena);
  for (const auto& child : parts_.processes->at_work()) {
    workers.push(lane(arena, child, now()));
  }
  return ObjectBuilder(arena)
      .add("workers", workers.build())
      .add("waiting", stats.waiting)
      .add("capacity", parts_.processes->capacity())
      .add("started", stats.started)
      .add("killed", stats.killed)
      .add("submitted", stats.submitted)
      .add("settled", settled(arena, stats.settled))
      .build();
}

}  // namespace rp
