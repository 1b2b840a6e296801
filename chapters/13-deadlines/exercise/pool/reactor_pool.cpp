#include "pool/reactor_pool.h"

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
  // Exercise 13.3: the threads know neither that a caller was told at his
  // deadline nor of jobs that were never started. Their numbers of workers are
  // right; what was submitted and settled is known by the deadlines.
  return threads_.stats();
}

}  // namespace rp
