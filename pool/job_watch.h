#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pool/executor.h"
#include "reactor/clock.h"
#include "reactor/function.h"
#include "reactor/reactor.h"

namespace rp {

/// Sees which thread of a pool runs which job: an executor around the pool.
///
///     JobWatch watch{reactor, threads};
///     watch.submit({.work = ..., .settled = ..., .kind = "primes"});
///     for (const auto& worker : watch.workers()) show(worker.lane,
///     worker.job);
///
/// Each thread has a lane, a number from 1, which it gets with its first job:
/// the lowest that is free. A job that was settled while its work goes on was
/// abandoned, and its thread is retired: the lane says so until the work
/// returns, and is free then. Nothing else is changed: ids are the inner
/// executor's.
///
/// It looks at the clock before and after each job. Threads that leave the pool
/// are not noticed: it is for a pool that keeps its size.
///
/// Thread rule: the loop's thread. Reactor and inner executor must outlive it;
/// jobs that are open when it is destroyed are settled all the same.
class JobWatch : public Executor {
 public:
  struct Worker {
    std::size_t lane = 0;
    std::string job;    ///< Job::kind
    JobId id = 0;       ///< 0: it is idle
    TimePoint since{};  ///< when it began
    bool retired = false;
  };

  /// A job that has left its worker, or whose worker was given up.
  struct Ran {
    std::size_t lane = 0;
    std::string_view job;
    JobId id = 0;
    TimePoint since{};
    Duration length{};
    bool retired = false;  ///< it goes on, and nobody waits for it
  };
  using Observer = Function<void(const Ran&)>;

  /// `observer` is called once for each job that began, on any thread and under
  /// a lock: it must be quick, must not throw and must not call this object.
  JobWatch(Reactor& reactor, Executor& inner, Observer observer = {});
  ~JobWatch() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override { return inner_.cancel(id); }
  void abandon(JobId id) override { inner_.abandon(id); }

  /// The threads that have run something, by lane.
  std::vector<Worker> workers() const;

 private:
  class Book;
  class Entry;

  Reactor& reactor_;
  Executor& inner_;
  std::shared_ptr<Book> book_;  ///< shared with the work of open jobs
};

}  // namespace rp
