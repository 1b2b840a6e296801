#pragma once

#include <condition_variable>
#include <mutex>

/// A mutex that the compiler can check. Clang's -Wthread-safety reads these
/// marks and refuses a program that touches what is GUARDED_BY a mutex
/// without holding it; other compilers see nothing.
///
///     Mutex mutex_;
///     std::vector<Task> tasks_ GUARDED_BY(mutex_);
///     ...
///     Lock lock(mutex_);
///     tasks_.push_back(std::move(task));
///
/// The marks are explained in clang's "Thread Safety Analysis".
#if defined(__clang__)
#define RP_THREAD_MARK(x) __attribute__((x))
#else
#define RP_THREAD_MARK(x)
#endif

#define CAPABILITY(name) RP_THREAD_MARK(capability(name))
#define SCOPED_CAPABILITY RP_THREAD_MARK(scoped_lockable)
#define GUARDED_BY(mutex) RP_THREAD_MARK(guarded_by(mutex))
#define REQUIRES(...) RP_THREAD_MARK(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) RP_THREAD_MARK(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) RP_THREAD_MARK(acquire_capability(__VA_ARGS__))
#define RELEASE(...) RP_THREAD_MARK(release_capability(__VA_ARGS__))
#define NO_THREAD_SAFETY_ANALYSIS RP_THREAD_MARK(no_thread_safety_analysis)

namespace rp {

/// std::mutex with marks. Thread rule: any thread. Not recursive: a thread
/// that locks it twice waits for itself.
class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class CondVar;
  std::mutex mutex_;
};

/// Holds a mutex to the end of its scope.
class SCOPED_CAPABILITY Lock {
 public:
  explicit Lock(Mutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~Lock() RELEASE() { mutex_.unlock(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  Mutex& mutex_;
};

/// A std::condition_variable for a Mutex that the caller holds. Always wait in
/// a loop that tests the condition: wake-ups may be false.
class CondVar {
 public:
  /// Lets go of the mutex, waits, and holds it again when it returns.
  void wait(Mutex& mutex) REQUIRES(mutex);

  /// False when the time was over.
  template <class TimePoint>
  bool wait_until(Mutex& mutex, TimePoint deadline) REQUIRES(mutex);

  /// Wakes one who waits, or nobody. Needs no lock; but change the condition
  /// under it.
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace rp

#include "reactor/mutex.inl"
