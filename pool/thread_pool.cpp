#include "pool/thread_pool.h"

#include <algorithm>
#include <utility>

namespace rp {

using State = PoolJob::State;

JobId ThreadPool::submit(Job job) {
  reactor_.check_thread("ThreadPool::submit()");
  const JobId id = ++submitted_;
  if (!can_take()) {
    ++settled_[static_cast<std::size_t>(Fate::refused)];
    settle_later(std::move(job.settled), Fate::refused);
    return id;
  }
  auto shared = std::make_shared<PoolJob>(id, std::move(job.work));
  jobs_.emplace_hint(jobs_.end(), id, Record{std::move(job.settled), shared});
  stage(std::move(shared));
  return id;
}

bool ThreadPool::can_take() {
  if (closed_) return false;
  if (active() == 0) replace();
  return active() > 0 && has_room();
}

// Between two hand-overs the queue only gets shorter: one look at its size
// serves for many jobs.
bool ThreadPool::has_room() {
  if (staged_.size() < room_) return true;
  room_ = shared_->queue.capacity() - shared_->queue.size();
  return staged_.size() < room_;
}

void ThreadPool::stage(std::shared_ptr<PoolJob> job) {
  if (staged_.empty()) {
    reactor_.at_phase_end([this, shared = shared_] {
      if (shared->owner != nullptr) hand_over();
    });
  }
  staged_.push_back(std::move(job));
}

void ThreadPool::hand_over() {
  shared_->queue.try_push_all(staged_);
  room_ = 0;
}

Cancelled ThreadPool::cancel(JobId id) {
  reactor_.check_thread("ThreadPool::cancel()");
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return Cancelled::unknown;
  const std::shared_ptr<PoolJob> job = found->second.job;
  if (job->move(State::waiting, State::withdrawn)) {
    unqueue(id);
    settle_later(take_settled(id, Fate::dropped), Fate::dropped);
    return Cancelled::dequeued;
  }
  job->stop.request_stop();
  return Cancelled::asked;
}

// A worker that has just popped it finds it withdrawn.
void ThreadPool::unqueue(JobId id) {
  const auto is_it = [id](const auto& job) { return job->id == id; };
  if (std::erase_if(staged_, is_it) == 0) shared_->queue.take_if(is_it);
}

void ThreadPool::abandon(JobId id) {
  if (cancel(id) != Cancelled::asked) return;
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const std::shared_ptr<PoolJob> job = found->second.job;
  if (!job->move(State::running, State::abandoned)) return;
  retire(job->worker);
  settle_later(take_settled(id, Fate::dropped), Fate::dropped);
  replace();
}

ThreadPool::Stats ThreadPool::stats() const {
  Stats stats;
  stats.workers = active();
  stats.waiting = staged_.size() + shared_->queue.size();
  stats.running = jobs_.size() - stats.waiting;
  stats.stuck = stuck_;
  stats.submitted = submitted_;
  std::copy(std::begin(settled_), std::end(settled_), stats.settled);
  return stats;
}

// The last act: `settled` may destroy the pool.
void ThreadPool::job_ended(PoolJob& job) {
  const Fate fate = job.error ? Fate::failed : Fate::finished;
  auto settled = take_settled(job.id, fate);
  settled({fate, std::move(job.error)});
}

Function<void(Settled)> ThreadPool::take_settled(JobId id, Fate fate) {
  const auto found = jobs_.find(id);
  auto settled = std::move(found->second.settled);
  jobs_.erase(found);
  ++settled_[static_cast<std::size_t>(fate)];
  return settled;
}

void ThreadPool::settle_later(Function<void(Settled)> settled, Fate fate) {
  reactor_.at_phase_end([settled = std::move(settled), fate]() mutable {
    settled({fate, nullptr});
  });
}

// For ends that come when no phase may follow, or after the pool's own.
void ThreadPool::settle_by_mailbox(JobId id, Settled end) {
  shared_->loop.post([settled = take_settled(id, end.fate), end]() mutable {
    settled(std::move(end));
  });
}

void ThreadPool::refuse_waiting() {
  staged_.clear();
  shared_->queue.take_all();
  for (const JobId id : open_jobs()) {
    if (jobs_.at(id).job->move(State::waiting, State::withdrawn)) {
      settle_later(take_settled(id, Fate::refused), Fate::refused);
    }
  }
}

// A copy: whoever is settled or asked to stop may submit and cancel others.
std::vector<JobId> ThreadPool::open_jobs() const {
  std::vector<JobId> ids;
  ids.reserve(jobs_.size());
  for (const auto& [id, record] : jobs_) ids.push_back(id);
  return ids;
}

}  // namespace rp
