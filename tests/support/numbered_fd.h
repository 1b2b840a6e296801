#pragma once

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "reactor/socket.h"
#include "reactor/unique_fd.h"

namespace rp {

/// As many descriptors as the machine allows.
inline void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// A descriptor that can be read at once and whose number was chosen: what
/// happens at FD_SETSIZE?
///
///     const UniqueFd last = readable_at(FD_SETSIZE - 1);
///
/// Raises the limit first. Throws std::system_error if it cannot be had.
inline UniqueFd readable_at(int number) {
  raise_descriptor_limit();
  const UniqueFd event{::eventfd(1, EFD_CLOEXEC)};
  UniqueFd fd{::fcntl(event.get(), F_DUPFD_CLOEXEC, number)};
  if (fd.get() != number) throw_errno("a descriptor at a chosen number");
  return fd;
}

}  // namespace rp
