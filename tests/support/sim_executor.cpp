#include "tests/support/sim_executor.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rp {

JobId SimExecutor::submit(Job job) {
  const auto added = std::make_shared<SimJob>();
  added->id = ++last_id_;
  added->job = std::move(job);
  added->script = script_for(added->job.kind);
  if (waiting_.size() == options_.capacity) {
    settle_later(*added, Fate::refused);
  } else {
    waiting_.push_back(added);
    reactor_.at_phase_end([this] { start_some(); });
  }
  return added->id;
}

SimExecutor::Script SimExecutor::script_for(const std::string& kind) {
  const auto found = scripts_of_kinds_.find(kind);
  if (found != scripts_of_kinds_.end()) return found->second;
  if (scripts_.empty()) return {};
  const Script script = scripts_.front();
  scripts_.pop_front();
  return script;
}

void SimExecutor::start_some() {
  while (!waiting_.empty() && running_.size() < options_.workers) {
    const JobPtr job = std::move(waiting_.front());
    waiting_.pop_front();
    running_.emplace(job->id, job);
    if (job->script.end == End::hangs) continue;
    job->timer =
        reactor_.run_after(job->script.length, [this, job] { finish(job); });
  }
}

void SimExecutor::finish(const JobPtr& job) {
  Settled end;
  try {
    if (job->script.end == End::throws) throw std::runtime_error("scripted");
    job->job.work(job->stop.get_token());
  } catch (...) {
    end = {Fate::failed, std::current_exception()};
  }
  if (job->abandoned) return;
  running_.erase(job->id);
  start_some();
  job->job.settled(std::move(end));
}

Cancelled SimExecutor::cancel(JobId id) {
  if (withdraw(id)) return Cancelled::dequeued;
  const auto found = running_.find(id);
  if (found == running_.end()) return Cancelled::unknown;
  const JobPtr job = found->second;
  job->stop.request_stop();
  if (job->script.heeds_token) {
    reactor_.cancel(job->timer);
    job->timer =
        reactor_.run_after(Duration::zero(), [this, job] { finish(job); });
  }
  return Cancelled::asked;
}

bool SimExecutor::withdraw(JobId id) {
  const auto found =
      std::find_if(waiting_.begin(), waiting_.end(),
                   [id](const JobPtr& job) { return job->id == id; });
  if (found == waiting_.end()) return false;
  settle_later(**found, Fate::dropped);
  waiting_.erase(found);
  return true;
}

void SimExecutor::abandon(JobId id) {
  if (withdraw(id)) return;
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  found->second->abandoned = true;
  settle_later(*found->second, Fate::dropped);
  running_.erase(found);
  ++retired_;
  reactor_.at_phase_end([this] { start_some(); });
}

void SimExecutor::settle_later(SimJob& job, Fate fate) {
  reactor_.at_phase_end([settled = std::move(job.job.settled), fate]() mutable {
    settled({fate, nullptr});
  });
}

}  // namespace rp
