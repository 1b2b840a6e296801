#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reactor/function.h"
#include "reactor/socket.h"

// The simpler thing: a map from descriptors to closures, over poll(2). It is
// all that a server needs whose clients never touch each other and whose
// answers fit into one write.
//
//     simple_loop --port 7010     serves whoever comes, until Ctrl-C

using rp::UniqueFd;

class SimpleLoop {
 public:
  using Serve = rp::Function<bool(int fd)>;  // false: it is over

  void add(UniqueFd fd, Serve serve) {
    const int number = fd.get();
    handles_[number] = {std::move(fd), std::move(serve)};
  }

  void tick() {
    std::vector<pollfd> watched;
    for (const auto& [fd, handle] : handles_)
      watched.push_back({fd, POLLIN, 0});
    ::poll(watched.data(), watched.size(), -1);
    for (const pollfd& one : watched) {
      if (one.revents == 0) continue;
      if (!handles_[one.fd].serve(one.fd)) handles_.erase(one.fd);
    }
  }

 private:
  struct Handle {
    UniqueFd fd;
    Serve serve;
  };
  std::map<int, Handle> handles_;
};

static bool echo(int fd) {
  char bytes[4096];
  const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  return ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) > 0;
}

int main(int argc, char** argv) try {
  if (argc != 3 || std::string(argv[1]) != "--port") {
    std::fputs("usage: simple_loop --port N\n", stderr);
    return 2;
  }
  UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:" + std::string(argv[2])));
  const std::string here = rp::local_address(listening.get()).to_string();
  SimpleLoop loop;
  loop.add(std::move(listening), [&loop](int door) {
    if (UniqueFd peer = rp::accept_from(door, nullptr)) {
      loop.add(std::move(peer), echo);
    }
    return true;
  });
  std::printf("listening on tcp %s\n", here.c_str());
  std::fflush(stdout);
  for (;;) loop.tick();
} catch (const std::exception& error) {
  std::fprintf(stderr, "simple_loop: %s\n", error.what());
  return 1;
}
