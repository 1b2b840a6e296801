#include <sys/resource.h>
#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "reactor/socket.h"

// The simpler thing: a thread for each client. With --port N it serves whoever
// comes; with --idle N it serves N silent clients of its own and one that
// talks, and says what that takes.

using rp::UniqueFd;

static void serve(const UniqueFd& peer) {
  char bytes[4096];
  ssize_t size = 0;
  while ((size = ::recv(peer.get(), bytes, sizeof bytes, 0)) > 0) {
    ::send(peer.get(), bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  }
}

static void serve_all(int listening) {
  while (UniqueFd peer = rp::accept_from(listening, nullptr)) {
    rp::set_blocking(peer.get(), true);
    std::thread([peer = std::move(peer)] { serve(peer); }).detach();
  }
  rp::throw_errno("accept");
}

// A number that the kernel keeps of this process.
static std::string status_of(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == name + ":" && status >> word) return word;
  }
  return "?";
}

static void serve_idle(const UniqueFd& listening, int many) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  const rp::Address here = rp::local_address(listening.get());
  std::thread(serve_all, listening.get()).detach();
  std::vector<UniqueFd> idle;
  for (int i = 0; i < many; ++i) idle.push_back(rp::connect_blocking(here));

  const UniqueFd last = rp::connect_blocking(here);
  char answer[5] = {};
  ::send(last.get(), "hello", 5, MSG_NOSIGNAL);
  ::recv(last.get(), answer, sizeof answer, MSG_WAITALL);
  std::printf("%d silent clients, and one is answered: %.5s\n", many, answer);
  std::printf("threads: %s\n", status_of("Threads").c_str());
  std::printf("addresses: %s KiB\nmemory: %s KiB\n",
              status_of("VmSize").c_str(), status_of("VmRSS").c_str());
  std::fflush(stdout);
  std::_Exit(0);  // the silent clients' threads wait for ever
}

int main(int argc, char** argv) try {
  const std::string what = argc == 3 ? argv[1] : "";
  const std::string port = what == "--port" ? argv[2] : "0";
  const UniqueFd listening =
      rp::listen_on(rp::Address::parse("127.0.0.1:" + port), 4096);
  rp::set_blocking(listening.get(), true);
  if (what == "--idle") serve_idle(listening, std::stoi(argv[2]));
  const std::string here = rp::local_address(listening.get()).to_string();
  std::printf("listening on tcp %s\n", here.c_str());
  std::fflush(stdout);
  serve_all(listening.get());
} catch (const std::exception& error) {
  std::fprintf(stderr, "thread_each: %s\n", error.what());
  return 1;
}
