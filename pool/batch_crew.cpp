#include "pool/batch_crew.h"

#include <utility>

namespace rp {

// A task has at most one report and one error, a worker one farewell: no
// worker ever waits to be heard.
BatchCrew::BatchCrew(std::size_t workers, std::size_t window,
                     bool stops_on_error, Clock& clock,
                     std::shared_ptr<std::atomic<std::size_t>> stuck)
    : input(window),
      result(window + workers),
      error(window),
      stop(1),
      stops_on_error_(stops_on_error),
      clock_(clock),
      stuck_(std::move(stuck)) {}

void BatchCrew::serve(std::size_t worker) {
  TraceThrows throws;
  while (auto task = input.pop()) {
    BatchReport report{worker, *std::move(task), nullptr};
    const auto token = begin(worker, report.task->index);
    if (!token) break;
    throws.forget();
    try {
      report.task->run(*token);
    } catch (...) {
      report.error = handled_error();
    }
    if (!end(worker)) {
      report = {};
      --*stuck_;
      return;
    }
    if (report.error) fail(report, throws);
    result.push(std::move(report));
  }
  result.push({worker, nullptr, nullptr});
}

// Nothing starts any more when the error is told.
void BatchCrew::fail(const BatchReport& report, const TraceThrows& throws) {
  if (stops_on_error_) stop_all();
  error.push(BatchError::of(report.error, report.task->index, report.worker,
                            throws.of(report.error)));
}

// A stop may have come since the task was taken.
std::optional<std::stop_token> BatchCrew::begin(std::size_t worker,
                                                std::size_t task) {
  const TimePoint now = clock_.now();
  Lock lock(mutex_);
  if (stop.size() > 0) return std::nullopt;
  Running& running = running_[worker];
  running = {task, now, std::stop_source()};
  return running.source.get_token();
}

// False: this worker was left alone meanwhile.
bool BatchCrew::end(std::size_t worker) {
  Lock lock(mutex_);
  return running_.erase(worker) > 0;
}

void BatchCrew::start_nothing() {
  {
    Lock lock(mutex_);
    stop.try_push(StopToken{});
  }
  input.poison();
  input.take_all();
}

void BatchCrew::stop_all() {
  start_nothing();
  std::vector<std::stop_source> sources;
  {
    Lock lock(mutex_);
    for (const auto& [worker, running] : running_) {
      sources.push_back(running.source);
    }
  }
  for (std::stop_source& source : sources) source.request_stop();
}

std::vector<BatchCrew::LeftAlone> BatchCrew::leave_alone(TimePoint latest) {
  std::vector<LeftAlone> left;
  std::vector<std::stop_source> sources;
  {
    Lock lock(mutex_);
    for (auto it = running_.begin(); it != running_.end();) {
      if (it->second.since > latest) {
        ++it;
        continue;
      }
      left.push_back({it->first, it->second.task});
      sources.push_back(it->second.source);
      it = running_.erase(it);
    }
    *stuck_ += left.size();
  }
  for (std::stop_source& source : sources) source.request_stop();
  return left;
}

std::optional<TimePoint> BatchCrew::earliest_start() const {
  Lock lock(mutex_);
  std::optional<TimePoint> earliest;
  for (const auto& [worker, running] : running_) {
    if (!earliest || running.since < *earliest) earliest = running.since;
  }
  return earliest;
}

}  // namespace rp
