#pragma once

#include <utility>

#include "pool/reactor_pool.h"

namespace rp {

template <DeferrableWork Work, DoneWith<Work> Done>
JobId ReactorPool::defer(Work work, Done done, DeferOptions options) {
  return rp::defer(deadlines_, std::move(work), std::move(done), options);
}

template <DeferrableWork Work>
JobId ReactorPool::defer(Work work, DeferOptions options) {
  return rp::defer(deadlines_, std::move(work), options);
}

}  // namespace rp
