#include "reactor/unique_fd.h"

#include <unistd.h>

namespace rp {

void UniqueFd::reset(int fd) noexcept {
  const int old = std::exchange(fd_, fd);
  if (old >= 0) ::close(old);
}

}  // namespace rp
