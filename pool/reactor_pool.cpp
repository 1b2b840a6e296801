#include "pool/reactor_pool.h"

#include <algorithm>

namespace rp {

ReactorPool::ReactorPool(Reactor& reactor, Options options)
    : grace_(options.grace),
      loop_(reactor),
      threads_(reactor, {.workers = options.workers,
                         .capacity = options.capacity,
                         .retired = options.retired,
                         .spin = options.spin}),
      deadlines_(reactor, threads_,
                 {.grace = options.grace, .deadline = options.deadline}) {}

ReactorPool::~ReactorPool() { drop(); }

ThreadPool::Stats ReactorPool::stats() const {
  ThreadPool::Stats stats = threads_.stats();
  const Deadlines::Stats& told = deadlines_.stats();
  stats.submitted = told.submitted;
  std::copy(std::begin(told.settled), std::end(told.settled), stats.settled);
  return stats;
}

}  // namespace rp
