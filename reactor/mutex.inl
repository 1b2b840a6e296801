#pragma once

#include "reactor/mutex.h"

namespace rp {

inline void CondVar::wait(Mutex& mutex) NO_THREAD_SAFETY_ANALYSIS {
  std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
  condition_.wait(lock);
  lock.release();
}

template <class TimePoint>
bool CondVar::wait_until(Mutex& mutex,
                         TimePoint deadline) NO_THREAD_SAFETY_ANALYSIS {
  std::unique_lock<std::mutex> lock(mutex.mutex_, std::adopt_lock);
  const bool in_time =
      condition_.wait_until(lock, deadline) == std::cv_status::no_timeout;
  lock.release();
  return in_time;
}

}  // namespace rp
