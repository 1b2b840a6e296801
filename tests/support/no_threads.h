#pragma once

#include <pthread.h>

#include <cstddef>

namespace rp {

/// While it lives no thread can be started: their stacks would be too large.
///
///     const NoThreads no_threads;
///     EXPECT_THROW(std::thread{[] {}}, std::system_error);
///
/// Thread rule: one thread; what it changes is the whole process's.
class NoThreads {
 public:
  NoThreads() {
    pthread_attr_init(&attributes_);
    pthread_getattr_default_np(&attributes_);
    pthread_attr_getstacksize(&attributes_, &bytes_);
    set(std::size_t{1} << 50);
  }
  ~NoThreads() {
    set(bytes_);
    pthread_attr_destroy(&attributes_);
  }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  void set(std::size_t bytes) {
    pthread_attr_setstacksize(&attributes_, bytes);
    pthread_setattr_default_np(&attributes_);
  }

  pthread_attr_t attributes_;
  std::size_t bytes_ = 0;
};

}  // namespace rp
