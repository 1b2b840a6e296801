#include <stdexcept>
#include <system_error>
#include <utility>

#include "pool/thread_pool.h"

namespace rp {

using State = PoolJob::State;

ThreadPool::ThreadPool(Reactor& reactor, Options options)
    : reactor_(reactor),
      options_(options),
      size_(options.workers),
      shared_(std::make_shared<PoolShared>(reactor, options.capacity,
                                           static_cast<WorkerOwner*>(this))) {
  if (size_ == 0) {
    throw std::invalid_argument("a thread pool needs at least 1 worker");
  }
  try {
    balance();
  } catch (...) {
    finish();
    shared_->owner = nullptr;
    throw;
  }
}

ThreadPool::~ThreadPool() {
  drop();
  shared_->owner = nullptr;
  // What is left is done, and only its report is still on the way.
  for (const JobId id : open_jobs()) {
    std::exception_ptr error = std::move(jobs_.at(id).job->error);
    const Fate fate = error ? Fate::failed : Fate::finished;
    settle_by_mailbox(id, {fate, std::move(error)});
  }
}

void ThreadPool::resize(std::size_t workers) {
  reactor_.check_thread("ThreadPool::resize()");
  if (workers == 0) {
    throw std::invalid_argument("a thread pool needs at least 1 worker");
  }
  size_ = workers;
  balance();
}

std::size_t ThreadPool::live_target() const {
  // Exercise 12.3: this draft replaces every stuck worker, so that the pool
  // grows without end. Of those that are stuck only so many are replaced as
  // options_.retired says, or, if it says nothing, as the pool was made with
  // (options_.workers).
  return size_;
}

// Those that were dismissed may all be busy still, and fewer than that be
// left when some of them get stuck.
std::size_t ThreadPool::active() const {
  return threads_.size() > dismissed_ ? threads_.size() - dismissed_ : 0;
}

void ThreadPool::balance() {
  if (closed_) return;
  // Exercise 12.3: this draft sends nobody home. Dismiss those who are too
  // many, and count them: until they have left they stand in threads_ too.
  while (threads_.size() < live_target()) start_worker();
}

void ThreadPool::start_worker() {
  const WorkerId id = ++last_worker_;
  shared_->attendance.arrive();
  try {
    threads_.emplace(id, [shared = shared_, id, spin = options_.spin] {
      serve_queue(shared, id, spin);
    });
  } catch (const std::system_error& error) {
    shared_->attendance.leave();
    throw std::system_error(error.code(), "start a worker thread");
  }
}

// In the middle of work a thread that cannot be had is no reason to fail:
// the others go on, and the next change tries again.
void ThreadPool::replace() {
  try {
    balance();
  } catch (const std::system_error&) {
  }
  if (active() == 0) refuse_waiting();
}

void ThreadPool::retire(WorkerId id) {
  const auto found = threads_.find(id);
  found->second.detach();
  threads_.erase(found);
  shared_->attendance.leave();
  ++stuck_;
}

void ThreadPool::stuck_worker_returned() {
  --stuck_;
  replace();
}

void ThreadPool::worker_left(WorkerId id) {
  const auto found = threads_.find(id);
  if (found == threads_.end()) return;
  found->second.join();
  threads_.erase(found);
  --dismissed_;
}

std::size_t ThreadPool::finish() {
  hand_over();
  close();
  return join_all();
}

std::size_t ThreadPool::drop(Duration grace) {
  close();
  withdraw_all();
  if (!shared_->attendance.wait_for_all_to_leave(SteadyClock().now() + grace)) {
    abandon_all();
  }
  return join_all();
}

void ThreadPool::close() {
  closed_ = true;
  shared_->queue.poison();
}

void ThreadPool::withdraw_all() {
  staged_.clear();
  shared_->queue.take_all();
  for (const JobId id : open_jobs()) {
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) continue;
    const std::shared_ptr<PoolJob> job = found->second.job;
    if (job->move(State::waiting, State::withdrawn)) {
      settle_by_mailbox(id, {Fate::dropped, nullptr});
    } else {
      job->stop.request_stop();
    }
  }
}

void ThreadPool::abandon_all() {
  for (const JobId id : open_jobs()) {
    const std::shared_ptr<PoolJob> job = jobs_.at(id).job;
    if (!job->move(State::running, State::abandoned)) continue;
    retire(job->worker);
    settle_by_mailbox(id, {Fate::dropped, nullptr});
  }
}

std::size_t ThreadPool::join_all() {
  for (auto& [id, thread] : threads_) thread.join();
  threads_.clear();
  dismissed_ = 0;
  return stuck_;
}

}  // namespace rp
