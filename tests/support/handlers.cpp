#include "tests/support/handlers.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "reactor/socket.h"

namespace rp {
namespace {

void wait_for(int fd, short what) {
  pollfd one{fd, what, 0};
  ::poll(&one, 1, -1);
}

}  // namespace

StreamPair tcp_pair() {
  const UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
  StreamPair pair;
  pair.theirs = connect_blocking(local_address(listening.get()));
  set_blocking(pair.theirs.get(), false);
  pair.ours = accept_from(listening.get(), nullptr);
  return pair;
}

void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      wait_for(fd, POLLOUT);
    } else {
      throw_errno("write");
    }
  }
}

std::size_t fill(int fd) {
  static const std::array<char, 4096> bytes{};
  std::size_t taken = 0;
  for (;;) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0) return taken;
    taken += static_cast<std::size_t>(count);
  }
}

void wait_until_readable(int fd) { wait_for(fd, POLLIN); }

std::string read_available(int fd) {
  std::string all;
  std::array<char, 65536> bytes;
  for (;;) {
    const ssize_t count = ::recv(fd, bytes.data(), bytes.size(), 0);
    if (count <= 0) return all;
    all.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

bool at_end(int fd) {
  char byte = 0;
  return ::recv(fd, &byte, 1, MSG_PEEK) == 0;
}

void reset_connection(UniqueFd fd) {
  const linger hard{1, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
}

void Probe::on_added() {
  if (added) added(*this);
}

void Probe::on_readable() {
  if (readable) readable(*this);
}

void Probe::on_writable() {
  if (writable) writable(*this);
}

void Probe::on_drain() { drain ? drain(*this) : EventHandler::on_drain(); }

void Probe::on_closed(CloseReason reason) {
  if (closed) closed(reason);
}

}  // namespace rp
