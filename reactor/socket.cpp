#include "reactor/socket.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace rp {
namespace {

UniqueFd open_socket(const Address& address, int flags) {
  const std::string what = "socket for " + address.to_string();
  const int type = SOCK_STREAM | SOCK_CLOEXEC | flags;
  UniqueFd fd{::socket(address.family(), type, 0)};
  if (!fd) throw_errno(what);
  return fd;
}

void switch_on(int fd, int level, int option, const std::string& what) {
  const int on = 1;
  if (::setsockopt(fd, level, option, &on, sizeof on) != 0) throw_errno(what);
}

int bind_to(int fd, const Address& address) {
  return ::bind(fd, address.data(), address.size());
}

// Only a refused connection proves that nobody answers: a server that is
// merely busy says EAGAIN, a socket of another type EPROTOTYPE.
bool is_stale(const Address& address) {
  struct stat status {};
  if (::lstat(address.path().c_str(), &status) != 0) return false;
  if (!S_ISSOCK(status.st_mode)) return false;
  const UniqueFd probe = stream_socket(address);
  return start_connect(probe.get(), address) == ECONNREFUSED;
}

void bind_unix(int fd, const Address& address, const std::string& what) {
  // Linux gives the path the mode that the socket had before, so there is no
  // moment at which the path exists and others may connect.
  if (::fchmod(fd, S_IRUSR | S_IWUSR) != 0) throw_errno(what);
  if (bind_to(fd, address) == 0) return;
  const int reason = errno;
  if (reason != EADDRINUSE || !is_stale(address)) throw_errno(what, reason);
  if (::unlink(address.path().c_str()) != 0) throw_errno(what);
  if (bind_to(fd, address) != 0) throw_errno(what);
}

void bind_ip(int fd, const Address& address, const std::string& what) {
  switch_on(fd, SOL_SOCKET, SO_REUSEADDR, what);
  if (address.family() == AF_INET6) {
    switch_on(fd, IPPROTO_IPV6, IPV6_V6ONLY, what);
  }
  if (bind_to(fd, address) != 0) throw_errno(what);
}

template <class Call>
Address ask_address(Call call, int fd, const char* what) {
  sockaddr_storage storage{};
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  socklen_t length = sizeof storage;
  if (call(fd, generic, &length) != 0) throw_errno(what);
  return Address::from(generic, length);
}

}  // namespace

void throw_errno(const std::string& what) { throw_errno(what, errno); }

void throw_errno(const std::string& what, int number) {
  throw std::system_error(number, std::generic_category(), what);
}

UniqueFd listen_on(const Address& address, int backlog) {
  const std::string what = "listen on " + address.to_string();
  UniqueFd fd{::socket(address.family(),
                       SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (!fd) throw_errno(what);
  if (address.family() == AF_UNIX) {
    bind_unix(fd.get(), address, what);
  } else {
    bind_ip(fd.get(), address, what);
  }
  if (::listen(fd.get(), backlog) != 0) throw_errno(what);
  return fd;
}

UniqueFd stream_socket(const Address& address) {
  return open_socket(address, SOCK_NONBLOCK);
}

int start_connect(int fd, const Address& address) {
  if (::connect(fd, address.data(), address.size()) == 0) return 0;
  // A signal interrupts the call, not the connecting.
  return errno == EINTR ? EINPROGRESS : errno;
}

int connect_result(int fd) {
  int result = 0;
  socklen_t length = sizeof result;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &length) != 0) {
    return errno;
  }
  return result;
}

UniqueFd connect_blocking(const Address& address) {
  const std::string what = "connect to " + address.to_string();
  UniqueFd fd = open_socket(address, 0);
  while (::connect(fd.get(), address.data(), address.size()) != 0) {
    // Linux takes up a connect again that a signal interrupted, and says
    // EISCONN if it has succeeded meanwhile.
    if (errno == EISCONN) break;
    if (errno != EINTR) throw_errno(what);
  }
  return fd;
}

UniqueFd accept_from(int listening, Address* peer) {
  sockaddr_storage storage{};
  auto* generic = reinterpret_cast<sockaddr*>(&storage);
  socklen_t length = 0;
  UniqueFd fd;
  do {
    length = sizeof storage;
    fd.reset(
        ::accept4(listening, generic, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
  } while (!fd && errno == EINTR);
  if (!fd) return fd;
  if (generic->sa_family != AF_UNIX) send_without_delay(fd.get());
  if (peer != nullptr) *peer = Address::from(generic, length);
  return fd;
}

void send_without_delay(int fd) {
  // The only failure of an open stream socket: it is a Unix one, which never
  // delays.
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Address local_address(int fd) {
  return ask_address(::getsockname, fd, "local address of a socket");
}

Address peer_address(int fd) {
  return ask_address(::getpeername, fd, "peer address of a socket");
}

void set_blocking(int fd, bool blocking) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) throw_errno("read the flags of a descriptor");
  const int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  if (::fcntl(fd, F_SETFL, wanted) != 0) throw_errno("set O_NONBLOCK");
}

}  // namespace rp
