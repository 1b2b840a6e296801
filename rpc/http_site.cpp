#include "rpc/http_site.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "rpc/wire/http_writer.h"

namespace rp {

namespace {

bool is_listed(const std::vector<std::string>& list, std::string_view text) {
  return std::any_of(list.begin(), list.end(), [&](const std::string& one) {
    return same_token(one, text);
  });
}

bool is_port(std::string_view digits, std::uint16_t port) {
  std::uint16_t given = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, given);
  return error == std::errc() && at == end && given == port;
}

// A name is refused even when it leads here: whoever owns it may have led it
// here to let his pages read ours. An address leads nowhere else.
bool is_address(std::string_view name) {
  in6_addr parsed;
  if (name.size() > 2 && name.front() == '[' && name.back() == ']') {
    const std::string six(name.substr(1, name.size() - 2));
    return ::inet_pton(AF_INET6, six.c_str(), &parsed) == 1;
  }
  return ::inet_pton(AF_INET, std::string(name).c_str(), &parsed) == 1;
}

}  // namespace

bool is_own_host(std::string_view host, std::uint16_t port) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool has_port =
      colon != host.npos && (bracket == host.npos || bracket < colon);
  const auto name = has_port ? host.substr(0, colon) : host;
  const auto digits = has_port ? host.substr(colon + 1) : "80";
  if (port != 0 && !is_port(digits, port)) return false;
  return same_token(name, "localhost") || is_address(name);
}

HttpSite::HttpSite(Reactor& reactor, std::uint16_t port, HttpOptions options)
    : reactor_(reactor), port_(port), options_(std::move(options)) {}

void HttpSite::get(std::string_view path, HttpHandler handler) {
  route("GET", path, std::move(handler));
}

void HttpSite::post(std::string_view path, HttpHandler handler) {
  route("POST", path, std::move(handler));
}

void HttpSite::put(std::string_view path, HttpHandler handler) {
  route("PUT", path, std::move(handler));
}

void HttpSite::route(std::string_view method, std::string_view path,
                     HttpHandler handler) {
  routes_.add(method, path, std::move(handler));
}

void HttpSite::stream(std::string_view method, std::string_view path,
                      HttpMakeTaker make, StreamLimits limits) {
  routes_.add(method, path, HttpStreamRoute{std::move(make), limits});
}

void HttpSite::upgrade(std::string_view path, std::string_view protocol,
                       HttpMakeUpgrade make) {
  routes_.add_upgrade(path,
                      HttpUpgradeRoute{std::string(protocol), std::move(make)});
}

// HTTP/1.0 may come without a Host: no browser speaks it.
std::optional<HttpResponse> HttpSite::refusal(const HttpRequest& request) {
  const std::string_view host = request.host();
  const bool unnamed = request.minor == 0 && host.empty();
  if (!unnamed && !is_own_host(host, port_) &&
      !is_listed(options_.hosts, host)) {
    ++stats_.foreign_hosts;
    return plain_text(421, "the host \"" + std::string(host) +
                               "\" is not served here: a server must be told "
                               "of names and ports that are not its own\n");
  }
  if (origin_is_allowed(request)) return {};
  ++stats_.foreign_origins;
  return plain_text(403, "pages of this origin may not call\n");
}

// A field that came twice is nobody's origin.
bool HttpSite::origin_is_allowed(const HttpRequest& request) const {
  const std::string* origin = request.field("Origin");
  if (origin == nullptr) return true;
  if (count_fields(request.fields, "Origin") != 1) return false;
  const std::string own = "http://" + std::string(request.host());
  return same_token(*origin, own) || is_listed(options_.origins, *origin);
}

void HttpSite::on_answered(Function<void(const HttpExchange&)> listener) {
  listeners_.push_back(std::move(listener));
}

void HttpSite::tell(const HttpExchange& exchange) {
  for (auto& listener : listeners_) {
    reactor_.invoke("answered", 0, [&] { listener(exchange); });
  }
}

const std::string& HttpSite::date() {
  const TimePoint now = reactor_.now();
  if (!dated_ || now - *dated_ >= std::chrono::seconds(1)) {
    dated_ = now;
    date_ = http_date(std::chrono::system_clock::now());
  }
  return date_;
}

}  // namespace rp
