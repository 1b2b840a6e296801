#include "examples/listening.h"

#include <sys/resource.h>
#include <sys/select.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "rpc/open_connections.h"

namespace rp {
namespace {

constexpr std::size_t kOwnDescriptors = 32;  // standard ones, pipes, listeners
constexpr std::size_t kOfAProcess = 4;

// Raises the soft limit to the hard one; returns how many may be open.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<std::size_t>(limit.rlim_cur);
}

// Where its port begins, if it has one; the colons of [::1] begin none.
std::size_t end_of_name(std::string_view host) {
  const std::size_t bracket = host.find(']');
  const std::size_t from = bracket == host.npos ? 0 : bracket;
  return std::min(host.find(':', from), host.size());
}

bool has_port(std::string_view host) { return end_of_name(host) < host.size(); }

bool is_port(std::string_view digits) {
  unsigned port = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  return error == std::errc{} && stop == end && port >= 1 && port <= 65535;
}

bool is_name(std::string_view name) {
  if (name.starts_with('[')) return is_own_host(name, 0);  // an address
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ||
           c == '.' || c == '_';
  });
}

std::string checked_host(const std::string& host) {
  const std::string name = host.substr(0, end_of_name(host));
  if (is_name(name) &&
      (!has_port(host) || is_port(host.substr(name.size() + 1)))) {
    return host;
  }
  throw UsageError("--host: " + (host.empty() ? "\"\"" : host) +
                   " is not NAME or NAME:PORT");
}

// Browsers leave it out, and so do most proxies.
std::string without_port_of_https(const std::string& host) {
  constexpr std::string_view kPort = ":443";
  return host.ends_with(kPort) ? host.substr(0, host.size() - kPort.size())
                               : host;
}

}  // namespace

Address local_port(const Flags& given, const char* name) {
  return Address::ip("127.0.0.1",
                     static_cast<std::uint16_t>(given.integer(name, 0, 65535)));
}

Address ip_address(const Flags& given, const char* name) {
  const std::string text = given.text(name);
  if (!has_port(text) || text.starts_with("unix:")) {
    throw UsageError("--" + std::string(name) + ": " + text +
                     " is not HOST:PORT");
  }
  return given.address(name);
}

std::string on_wire(const std::string& wire, const Address& address) {
  const std::string path = address.path();
  return path.empty() ? wire + " " + address.to_string() : "unix " + path;
}

void announce(const std::string& where, std::FILE* out) {
  std::fprintf(out, "listening on %s\n", where.c_str());
  std::fflush(out);
}

void announce_page(const Address& address, std::FILE* out) {
  const std::string here = address.to_string();
  announce("http " + here + "\nin a browser: http://" + here + "/", out);
}

void report_refusals(Reactor& reactor, const char* program) {
  const auto look = [&reactor, program, before = Acceptor::Stats(),
                     refusing = false]() mutable {
    const Acceptor::Stats now = open_connections(reactor, 0).knocked;
    const bool no_descriptor = now.shed > before.shed;
    const bool refuses = no_descriptor || now.refused > before.refused;
    if (refuses && !refusing) {
      std::fprintf(stderr, "%s: connections are refused: %s\n", program,
                   no_descriptor ? "no descriptor is left"
                                 : "as many are open as may be");
    }
    refusing = refuses;
    before = now;
  };
  reactor.run_every(std::chrono::seconds(1), look);
}

void warn_if_open(const char* program, const Address& address,
                  const char* may) {
  if (address.is_loopback()) return;
  std::fprintf(stderr,
               "%s: warning: %s is not a loopback address: whoever reaches it "
               "may %s, without password or encryption\n",
               program, address.to_string().c_str(), may);
}

void declare_host(Flags& flags, const std::string& when) {
  flags.list("host", "NAME[:PORT]",
             when +
                 "answer under this name, too, as a proxy or a forwarded port "
                 "gives it; without PORT: 80 and 443; may be repeated");
}

HttpOptions options_of_hosts(const Flags& given) {
  HttpOptions options;
  for (const std::string& given_host : given.texts("host")) {
    const std::string host = without_port_of_https(checked_host(given_host));
    options.hosts.push_back(host);
    if (!has_port(host)) options.hosts.push_back(host + ":443");
    options.origins.push_back("https://" + host);
  }
  return options;
}

std::size_t descriptors_left(const Flags& given, std::size_t processes) {
  std::size_t descriptors = raise_descriptor_limit();
  if (given.text("poller") == "select") {
    descriptors = std::min<std::size_t>(descriptors, FD_SETSIZE);
  }
  const std::size_t own = kOwnDescriptors + kOfAProcess * processes;
  return descriptors > own ? descriptors - own : 1;
}

}  // namespace rp
