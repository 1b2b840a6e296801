#include "rpc/random_bytes.h"

#include <sys/random.h>

#include "reactor/socket.h"

namespace rp {

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  const ssize_t got = ::getrandom(bytes.data(), count, 0);
  if (got != static_cast<ssize_t>(count)) throw_errno("getrandom");
  return bytes;
}

}  // namespace rp
