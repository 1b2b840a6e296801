#pragma once

#include <utility>

namespace rp {

/// Owns one file descriptor and closes it exactly once.
///
///     UniqueFd fd{::open("/dev/null", O_RDONLY | O_CLOEXEC)};
///     if (!fd) throw_errno("open /dev/null");
///     use(fd.get());
///
/// A negative number means "none". The errno of close() is ignored on
/// purpose: the descriptor is gone in every case, also after EINTR, and to
/// close its number again could close somebody else's.
///
/// Thread rule: none of its own; one thread at a time.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  ~UniqueFd() { reset(); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }

  /// Gives the number away without closing it.
  int release() noexcept { return std::exchange(fd_, -1); }

  /// Closes what it owns and takes over another.
  void reset(int fd = -1) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace rp
