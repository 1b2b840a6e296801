#pragma once

#include <fcntl.h>
#include <sys/resource.h>

#include <vector>

#include "reactor/unique_fd.h"

namespace rp {

/// Takes every descriptor that the process may still have, so that the next
/// accept() fails with EMFILE. Gives them back, and the old limit, at its end.
///
///     DescriptorLimit limit;
///     limit.exhaust();
///     limit.give_back();
///
/// Thread rule: one thread; the limit is the whole process's.
class DescriptorLimit {
 public:
  DescriptorLimit() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;
  ~DescriptorLimit() { give_back(); }

  void exhaust() {
    // A little above what is in use, so that few have to be taken.
    taken_.emplace_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit low = before_;
    low.rlim_cur = static_cast<rlim_t>(taken_.front().get()) + 20;
    ::setrlimit(RLIMIT_NOFILE, &low);
    while (taken_.back()) {
      taken_.emplace_back(::fcntl(taken_.front().get(), F_DUPFD_CLOEXEC, 0));
    }
  }

  void give_back() {
    taken_.clear();
    ::setrlimit(RLIMIT_NOFILE, &before_);
  }

 private:
  rlimit before_{};
  std::vector<UniqueFd> taken_;
};

}  // namespace rp
