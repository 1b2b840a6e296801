#include "pool/worker.h"

#include <optional>
#include <thread>
#include <utility>

namespace rp {

namespace {

using State = PoolJob::State;
using Shared = std::shared_ptr<PoolShared>;

std::optional<std::shared_ptr<PoolJob>> next_job(PoolShared& shared,
                                                 Duration spin) {
  if (spin <= Duration::zero()) return shared.queue.pop();
  SteadyClock clock;
  const TimePoint end = clock.now() + spin;
  do {
    if (auto job = shared.queue.try_pop()) return job;
    std::this_thread::yield();
  } while (clock.now() < end);
  return shared.queue.pop();
}

// False: the job was abandoned meanwhile, and with it this worker.
bool run(const Shared& shared, WorkerId self,
         const std::shared_ptr<PoolJob>& job) {
  job->worker = self;
  if (!job->move(State::waiting, State::running)) return true;
  try {
    job->work(job->stop.get_token());
  } catch (...) {
    job->error = handled_error();
  }
  job->work.reset();
  if (!job->move(State::running, State::done)) return false;
  shared->loop.post([shared, job] {
    if (shared->owner != nullptr) shared->owner->job_ended(*job);
  });
  return true;
}

}  // namespace

void Attendance::arrive() {
  Lock lock(mutex_);
  ++present_;
}

void Attendance::leave() {
  Lock lock(mutex_);
  if (--present_ == 0) all_left_.notify_all();
}

bool Attendance::wait_for_all_to_leave(TimePoint deadline) {
  Lock lock(mutex_);
  while (present_ > 0) {
    if (!all_left_.wait_until(mutex_, deadline)) return present_ == 0;
  }
  return true;
}

void serve_queue(const Shared& shared, WorkerId self, Duration spin) {
  while (auto job = next_job(*shared, spin)) {
    if (run(shared, self, *job)) continue;
    shared->loop.post([shared] {
      if (shared->owner != nullptr) shared->owner->stuck_worker_returned();
    });
    return;
  }
  shared->loop.post([shared, self] {
    if (shared->owner != nullptr) shared->owner->worker_left(self);
  });
  shared->attendance.leave();
}

}  // namespace rp
