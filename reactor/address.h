#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rp {

/// Where a stream socket listens or connects: IPv4, IPv6 or a Unix path.
///
///     Address here = Address::parse("127.0.0.1:7000");
///     Address six = Address::parse("[::1]:7000");
///     Address path = Address::parse("unix:build/rpc.sock");
///
/// Numbers only: names are resolved elsewhere, since getaddrinfo() blocks.
/// A value; may be copied and used from any thread.
class Address {
 public:
  /// No address: family() is AF_UNSPEC.
  Address() = default;

  /// "HOST:PORT" with a numeric host (an IPv6 host in brackets) or
  /// "unix:PATH". Throws std::invalid_argument that names what is wrong:
  /// `address "localhost:x": the port is not a number from 0 to 65535`.
  static Address parse(std::string_view text);

  /// A numeric IPv4 or IPv6 host and a port.
  static Address ip(std::string_view host, std::uint16_t port);

  /// A Unix path of 1 to 107 bytes.
  static Address unix_path(std::string_view path);

  /// What accept(), getsockname() and getpeername() fill in. Throws
  /// std::invalid_argument when it is longer than the three kinds.
  static Address from(const sockaddr* address, socklen_t length);

  int family() const;
  std::uint16_t port() const;  ///< 0 for a Unix path
  bool is_loopback() const;    ///< 127.0.0.0/8, ::1, any Unix path
  std::string path() const;    ///< of a Unix address, else empty

  /// "127.0.0.1:7000", "[::1]:7000", "unix:build/rpc.sock"; "unix:" for a
  /// Unix peer without a name, "none" for no address.
  std::string to_string() const;

  const sockaddr* data() const;
  socklen_t size() const { return size_; }

 private:
  union {
    sockaddr generic;
    sockaddr_in v4;
    sockaddr_in6 v6;
  } any_{};
  socklen_t size_ = 0;
  // A path is long and rare, and a server keeps many addresses.
  std::shared_ptr<const sockaddr_un> local_;
};

}  // namespace rp
