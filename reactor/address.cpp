#include "reactor/address.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace rp {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr std::size_t kPathOffset = offsetof(sockaddr_un, sun_path);

[[noreturn]] void refuse(std::string_view text, const char* why) {
  throw std::invalid_argument("address \"" + std::string(text) + "\": " + why);
}

std::uint16_t parse_port(std::string_view text, std::string_view digits) {
  std::uint16_t port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end) {
    refuse(text, "the port is not a number from 0 to 65535");
  }
  return port;
}

}  // namespace

Address Address::parse(std::string_view text) {
  if (text.starts_with(kUnixPrefix)) {
    return unix_path(text.substr(kUnixPrefix.size()));
  }
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) refuse(text, "expected HOST:PORT or unix:PATH");
  const std::uint16_t port = parse_port(text, text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  if (brackets) host = host.substr(1, host.size() - 2);
  if (brackets != (host.find(':') != host.npos)) {
    refuse(text, "an IPv6 host, and no other, stands in brackets");
  }
  return ip(host, port);
}

Address Address::ip(std::string_view host, std::uint16_t port) {
  const std::string text(host);
  Address address;
  if (::inet_pton(AF_INET, text.c_str(), &address.any_.v4.sin_addr) == 1) {
    address.any_.v4.sin_family = AF_INET;
    address.any_.v4.sin_port = htons(port);
    address.size_ = sizeof(sockaddr_in);
    return address;
  }
  address.any_.v6 = {};
  if (::inet_pton(AF_INET6, text.c_str(), &address.any_.v6.sin6_addr) != 1) {
    refuse(host, "the host is not a numeric IPv4 or IPv6 address");
  }
  address.any_.v6.sin6_family = AF_INET6;
  address.any_.v6.sin6_port = htons(port);
  address.size_ = sizeof(sockaddr_in6);
  return address;
}

Address Address::unix_path(std::string_view path) {
  if (path.empty()) refuse(path, "a Unix path is not empty");
  if (path.size() >= sizeof sockaddr_un::sun_path) {
    refuse(path, "a Unix path has at most 107 bytes");
  }
  if (path.find('\0') != path.npos) refuse(path, "a path holds no zero byte");
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  std::memcpy(local.sun_path, path.data(), path.size());
  return from(reinterpret_cast<const sockaddr*>(&local),
              static_cast<socklen_t>(kPathOffset + path.size() + 1));
}

Address Address::from(const sockaddr* address, socklen_t length) {
  Address copy;
  const bool local = length > kPathOffset && address->sa_family == AF_UNIX;
  if (length > (local ? sizeof(sockaddr_un) : sizeof copy.any_)) {
    throw std::invalid_argument("address: longer than any that is known");
  }
  copy.size_ = length;
  if (local) {
    auto path = std::make_shared<sockaddr_un>();
    std::memcpy(path.get(), address, length);
    copy.local_ = std::move(path);
  } else {
    std::memcpy(&copy.any_, address, length);
  }
  return copy;
}

const sockaddr* Address::data() const {
  return local_ ? reinterpret_cast<const sockaddr*>(local_.get())
                : &any_.generic;
}

int Address::family() const {
  return size_ == 0 ? AF_UNSPEC : data()->sa_family;
}

std::uint16_t Address::port() const {
  if (family() == AF_INET) return ntohs(any_.v4.sin_port);
  if (family() == AF_INET6) return ntohs(any_.v6.sin6_port);
  return 0;
}

bool Address::is_loopback() const {
  if (family() == AF_INET) return ntohl(any_.v4.sin_addr.s_addr) >> 24 == 127;
  if (family() == AF_INET6) return IN6_IS_ADDR_LOOPBACK(&any_.v6.sin6_addr);
  return family() == AF_UNIX;
}

std::string Address::path() const {
  if (!local_) return {};
  const char* begin = local_->sun_path;
  return {begin, ::strnlen(begin, size_ - kPathOffset)};
}

std::string Address::to_string() const {
  char host[INET6_ADDRSTRLEN];
  switch (family()) {
    case AF_INET:
      ::inet_ntop(AF_INET, &any_.v4.sin_addr, host, sizeof host);
      return std::string(host) + ":" + std::to_string(port());
    case AF_INET6:
      ::inet_ntop(AF_INET6, &any_.v6.sin6_addr, host, sizeof host);
      return "[" + std::string(host) + "]:" + std::to_string(port());
    case AF_UNIX:
      return std::string(kUnixPrefix) + path();
    default:
      return "none";
  }
}

}  // namespace rp
