#pragma once

#include <string>

#include "reactor/address.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Stream sockets in few words, each descriptor close-on-exec.
///
///     UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
///     UniqueFd peer = connect_blocking(local_address(listening.get()));
///
/// A set-up that fails throws std::system_error that says what was tried:
/// "listen on 127.0.0.1:7000: Address already in use". Thread rule: any
/// thread; a descriptor one thread at a time.

/// Does not block; SO_REUSEADDR on TCP; an IPv6 one serves IPv6 only. A Unix
/// socket has mode 0600, and a stale path is removed only if it is a socket
/// that nobody answers on.
UniqueFd listen_on(const Address& address, int backlog = 1024);

/// A non-blocking socket of the address's family, not connected yet.
UniqueFd stream_socket(const Address& address);

/// Begins to connect. 0 when connected at once, EINPROGRESS when the socket
/// will become writable, else the errno of the failure.
int start_connect(int fd, const Address& address);
int connect_result(int fd);  ///< once writable: 0 or an errno (SO_ERROR)

/// The next waiting connection: non-blocking, TCP_NODELAY; `peer` (may be
/// null) is told who came. Empty with errno set if there is none or it failed.
UniqueFd accept_from(int listening, Address* peer);

UniqueFd connect_blocking(const Address& address);  ///< waits, stays blocking
void send_without_delay(int fd);  ///< TCP_NODELAY; no-op on Unix sockets
void set_blocking(int fd, bool blocking);
Address local_address(int fd);
Address peer_address(int fd);

/// Throws std::system_error of errno (or of the number given).
[[noreturn]] void throw_errno(const std::string& what);
[[noreturn]] void throw_errno(const std::string& what, int number);

}  // namespace rp
