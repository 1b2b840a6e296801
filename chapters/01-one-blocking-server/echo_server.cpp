#include <sys/socket.h>

#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include "reactor/socket.h"

// A server that does one thing at a time: waits for a client, serves it until
// it leaves, and waits for the next.
//
//     echo_server              serves two clients of its own, and ends
//     echo_server --port 7000  serves whoever comes: nc 127.0.0.1 7000

using rp::Address;
using rp::UniqueFd;

// False when the peer takes no more: its fault ends its connection only.
static bool send_all(int fd, const char* bytes, std::size_t left) {
  while (left > 0) {
    const ssize_t sent = ::send(fd, bytes, left, MSG_NOSIGNAL);
    if (sent < 0) return false;
    bytes += sent;
    left -= static_cast<std::size_t>(sent);
  }
  return true;
}

static void serve(int fd) {
  char bytes[4096];
  for (;;) {
    const ssize_t size = ::recv(fd, bytes, sizeof bytes, 0);
    if (size <= 0) return;
    if (!send_all(fd, bytes, static_cast<std::size_t>(size))) return;
  }
}

static void serve_next(int listening) {
  const UniqueFd peer = rp::accept_from(listening, nullptr);
  if (!peer) rp::throw_errno("accept");
  rp::set_blocking(peer.get(), true);
  serve(peer.get());
}

static std::string ask(const Address& server, const std::string& question) {
  const UniqueFd fd = rp::connect_blocking(server);
  std::string answer(question.size(), '\0');
  send_all(fd.get(), question.data(), question.size());
  const ssize_t size =
      ::recv(fd.get(), answer.data(), answer.size(), MSG_WAITALL);
  return size < static_cast<ssize_t>(answer.size()) ? "no answer" : answer;
}

int main(int argc, char** argv) try {
  const bool for_all = argc == 3 && std::string(argv[1]) == "--port";
  if (argc != 1 && !for_all) {
    std::fputs("usage: echo_server [--port N]\n", stderr);
    return 2;
  }
  const std::string port = for_all ? argv[2] : "0";
  const UniqueFd listening = rp::listen_on(Address::parse("127.0.0.1:" + port));
  rp::set_blocking(listening.get(), true);
  const Address here = rp::local_address(listening.get());
  if (for_all) {
    std::printf("listening on tcp %s\n", here.to_string().c_str());
    std::fflush(stdout);
    for (;;) serve_next(listening.get());
  }
  std::thread server([&listening] {
    for (int clients = 0; clients < 2; ++clients) serve_next(listening.get());
  });
  std::printf("first client: %s\n", ask(here, "hello").c_str());
  std::printf("second client: %s\n", ask(here, "hello again").c_str());
  server.join();
} catch (const std::exception& error) {
  std::fprintf(stderr, "echo_server: %s\n", error.what());
  return 1;
}
