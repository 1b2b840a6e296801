#pragma once

#include <optional>
#include <string>

#include "reactor/address.h"
#include "reactor/unique_fd.h"

namespace rp {

/// Stream sockets in few words. Every descriptor made here is close-on-exec;
/// those for the loop do not block.
///
///     UniqueFd listening = listen_on(Address::parse("127.0.0.1:0"));
///     Address chosen = local_address(listening.get());
///     UniqueFd peer = connect_blocking(chosen);
///
/// A set-up that fails throws std::system_error that says what was tried:
/// "listen on 127.0.0.1:7000: Address already in use".
///
/// Thread rule: any thread; a descriptor one thread at a time.

/// Throws std::system_error of errno (or of the number given).
[[noreturn]] void throw_errno(const std::string& what);
[[noreturn]] void throw_errno(const std::string& what, int number);

/// A listening socket that does not block. TCP sockets get SO_REUSEADDR; an
/// IPv6 one serves IPv6 only, so "[::]:80" means what it says. A Unix socket
/// is made with mode 0600; a stale path is removed only if it is a socket
/// that nobody answers on. `backlog` is listen()'s.
UniqueFd listen_on(const Address& address, int backlog = 1024);

/// A non-blocking socket of the address's family, not connected yet.
UniqueFd stream_socket(const Address& address);

/// Begins to connect. 0 when connected at once, EINPROGRESS when the socket
/// will become writable, else the errno of the failure.
int start_connect(int fd, const Address& address);

/// The outcome of a connect that was in progress (SO_ERROR): 0 or an errno.
int connect_result(int fd);

/// Connects and waits for it: for programs without a loop. The descriptor
/// returned blocks.
UniqueFd connect_blocking(const Address& address);

/// The next waiting connection: non-blocking, close-on-exec, TCP_NODELAY.
/// An empty descriptor with errno set when there is none or it failed.
/// `peer`, unless null, is told who came.
UniqueFd accept_from(int listening, Address* peer);

/// Writes each small answer at once (TCP_NODELAY); no-op on Unix sockets.
void send_without_delay(int fd);

Address local_address(int fd);
Address peer_address(int fd);

void set_blocking(int fd, bool blocking);

}  // namespace rp
