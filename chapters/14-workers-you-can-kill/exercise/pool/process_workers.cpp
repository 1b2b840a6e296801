#include "pool/process_workers.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rp {

JobId ProcessWorkers::submit(std::string line, Done done,
                             std::optional<Duration> deadline, Check check,
                             std::string kind) {
  reactor_.check_thread("ProcessWorkers::submit()");
  const JobId id = ++stats_.submitted;
  Entry job;
  job.line = std::move(line);
  job.done = std::move(done);
  job.check = std::move(check);
  job.kind = std::move(kind);
  job.since = reactor_.now();
  const Duration time = deadline.value_or(options_.deadline);
  if (settled_at_once(job, time)) return id;
  // What is longer than time itself is no deadline.
  if (time < TimePoint::max() - job.since) job.due = job.since + time;
  Entry& entry = waiting_.emplace(id, std::move(job)).first->second;
  set_timer(id, entry);
  give_out();
  return id;
}

bool ProcessWorkers::settled_at_once(Entry& job, Duration deadline) {
  if (job.line.find('\n') != std::string::npos) {
    // Exercise 14.3: this draft refuses two lines as if there were no room, and
    // the caller comes again, and again. Such a job has failed; say why, by an
    // invalid_argument: "a job's line holds a newline".
    settle(job, Fate::refused);
  } else if (deadline <= Duration::zero()) {
    settle(job, Fate::expired);
  } else if (cannot_start_) {
    fail(job, cannot_start_);
  } else if (waiting_.size() >= options_.capacity) {
    settle(job, Fate::refused);
  } else {
    return false;
  }
  return true;
}

void ProcessWorkers::give_out() {
  for (Place& place : places_) {
    if (place.worker == nullptr || !place.worker->free()) continue;
    expire_first();
    if (waiting_.empty()) return;
    const auto first = waiting_.begin();
    place.id = first->first;
    place.job = std::move(first->second);
    waiting_.erase(first);
    const TimePoint now = reactor_.now();
    queue_wait_.record(now - std::exchange(place.job.since, now));
    place.worker->ask(place.job.line);
  }
}

// A child may be free before their timers have their turn, or are set again
// in a new run.
void ProcessWorkers::expire_first() {
  const TimePoint now = reactor_.now();
  while (!waiting_.empty()) {
    const auto first = waiting_.begin();
    if (!first->second.due || *first->second.due > now) return;
    settle(first->second, Fate::expired);
    waiting_.erase(first);
  }
}

void ProcessWorkers::answered(Place& place, std::string line) {
  if (leave(place, Fate::finished) != 0) {
    run_time_.record(reactor_.now() - place.job.since);
    try {
      if (place.job.check) place.job.check(line);
    } catch (...) {
      fail(place.job, std::current_exception());
      return place.worker->kill();
    }
    settle(place.job, Outcome<std::string>(std::move(line)));
  }
  place.deaths = 0;
  give_out();
}

void ProcessWorkers::set_timer(JobId id, Entry& job) {
  if (!job.due) return;
  reactor_.cancel(job.timer);
  job.timer =
      reactor_.run_at(*job.due, [this, id] { end_job(id, Fate::expired); });
}

Cancelled ProcessWorkers::cancel(JobId id) {
  reactor_.check_thread("ProcessWorkers::cancel()");
  return id == 0 ? Cancelled::unknown : end_job(id, Fate::dropped);
}

Cancelled ProcessWorkers::end_job(JobId id, Fate fate) {
  if (const auto found = waiting_.find(id); found != waiting_.end()) {
    settle(found->second, fate);
    waiting_.erase(found);
    return Cancelled::dequeued;
  }
  for (Place& place : places_) {
    if (place.id != id) continue;
    leave(place, fate);
    settle(place.job, fate);
    place.dismissed = true;
    place.worker->kill();
    return Cancelled::asked;
  }
  return Cancelled::unknown;
}

// Later: nobody is told inside a call of his own, and whoever is told may
// destroy this object.
void ProcessWorkers::settle(Entry& job, Outcome<std::string> outcome) {
  ++stats_.settled[static_cast<std::size_t>(outcome.fate())];
  reactor_.cancel(job.timer);
  job.check.reset();
  if (!job.done) return;
  reactor_.at_phase_end(
      [done = std::move(job.done), outcome = std::move(outcome)]() mutable {
        done(std::move(outcome));
      });
}

void ProcessWorkers::settle(Entry& job, Fate fate) {
  settle(job, Outcome<std::string>(Settled{fate, nullptr}));
}

void ProcessWorkers::fail(Entry& job, std::exception_ptr error) {
  settle(job, Outcome<std::string>(Settled{Fate::failed, std::move(error)}));
}

ProcessWorkers::Stats ProcessWorkers::stats() const {
  Stats stats = stats_;
  stats.waiting = waiting_.size();
  for (const Place& place : places_) {
    if (place.worker != nullptr && !place.worker->ending()) ++stats.workers;
    if (place.id != 0) ++stats.running;
  }
  return stats;
}

JobId ProcessWorkers::leave(Place& place, Fate fate) {
  if (place.id != 0 && options_.left) options_.left(at_work(place), fate);
  return std::exchange(place.id, 0);
}

ProcessWorkers::AtWork ProcessWorkers::at_work(const Place& place) const {
  AtWork now;
  now.place = static_cast<std::size_t>(&place - places_.data());
  if (place.worker != nullptr) {
    now.pid = place.worker->pid();
    now.ending = place.worker->ending();
  }
  if (place.id == 0) return now;
  now.id = place.id;
  now.kind = place.job.kind;
  now.since = place.job.since;
  return now;
}

std::vector<ProcessWorkers::AtWork> ProcessWorkers::at_work() const {
  std::vector<AtWork> all;
  for (const Place& place : places_) all.push_back(at_work(place));
  return all;
}

std::vector<pid_t> ProcessWorkers::pids() const {
  std::vector<pid_t> pids;
  for (const Place& place : places_) {
    if (place.worker != nullptr) pids.push_back(place.worker->pid());
  }
  return pids;
}

}  // namespace rp
