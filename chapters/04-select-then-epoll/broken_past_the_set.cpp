#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/select.h>

#include <cstdio>

#include "reactor/socket.h"
#include "reactor/unique_fd.h"

// An fd_set has FD_SETSIZE bits, and FD_SET asks nobody whether the number
// that it is given is one of them. Descriptor 1024 is a bit of whatever lies
// behind the set. Nothing crashes; the neighbour has changed, that is all.
//
// Promise: never prints "the neighbour says: hello"

struct Watched {
  fd_set readable;
  char neighbour[sizeof(long)];
};

static rp::UniqueFd event_at(int number) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const rp::UniqueFd event{::eventfd(1, EFD_CLOEXEC)};
  rp::UniqueFd fd{::fcntl(event.get(), F_DUPFD_CLOEXEC, number)};
  if (fd.get() != number) rp::throw_errno("a descriptor at a chosen number");
  return fd;
}

int main() {
  static Watched watched{{}, "hello"};
  const rp::UniqueFd fd = event_at(FD_SETSIZE);
  std::printf("descriptor %d can be read\n", fd.get());
  FD_SET(fd.get(), &watched.readable);
  std::printf("the neighbour says: %s\n", watched.neighbour);
}
