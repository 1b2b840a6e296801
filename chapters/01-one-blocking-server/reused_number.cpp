#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

#include "reactor/socket.h"

// A descriptor is a number, and the kernel gives the lowest one that is free.
// So a number that is closed twice may be somebody else's the second time.

using rp::UniqueFd;

static UniqueFd arrive(const char* who) {
  UniqueFd fd = rp::stream_socket(rp::Address::parse("127.0.0.1:0"));
  std::printf("%s arrives as number %d\n", who, fd.get());
  return fd;
}

static void report(const char* who, int fd) {
  const bool open = ::fcntl(fd, F_GETFD) >= 0;
  std::printf("%s is %s\n", who, open ? "still here" : "gone");
}

static void with_plain_numbers() {
  const int ada = arrive("ada").release();
  const int bob = arrive("bob").release();
  ::close(ada);
  std::puts("ada leaves");
  const int eve = arrive("eve").release();
  ::close(ada);
  std::puts("ada's number is closed once more");
  report("bob", bob);
  report("eve", eve);
  ::close(bob);
  ::close(eve);
}

static void with_owners() {
  UniqueFd ada = arrive("ada");
  const UniqueFd bob = arrive("bob");
  ada.reset();
  std::puts("ada leaves");
  const UniqueFd eve = arrive("eve");
  ada.reset();
  std::puts("ada's owner is reset once more");
  report("bob", bob.get());
  report("eve", eve.get());
}

int main() {
  // What a shell or make has left open would change the numbers.
  for (int fd = 3; fd < 100; ++fd) ::close(fd);
  std::puts("-- with plain numbers");
  with_plain_numbers();
  std::puts("-- with owners");
  with_owners();
}
