#include "examples/server_url.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "examples/flags.h"
#include "pool/resolver.h"
#include "rpc/client.h"
#include "rpc/http_client.h"
#include "rpc/websocket_client.h"

namespace rp {
namespace {

constexpr std::string_view kHttpPort = ":80";

// Before the loop runs, so that nobody waits for a slow name server.
std::vector<Address> addresses_of(const std::string& server) {
  try {
    return {Address::parse(server)};
  } catch (const std::invalid_argument& error) {
    const std::size_t colon = std::min(server.rfind(':'), server.size());
    const std::string name = server.substr(0, colon);
    const std::string rest = server.substr(colon);
    std::uint16_t port = 0;
    if (!rest.empty()) {
      std::from_chars(rest.data() + 1, rest.data() + rest.size(), port);
    }
    const bool named = !name.empty() &&
                       name.find_first_of("/:[]") == name.npos &&
                       rest == ":" + std::to_string(port);
    if (!named) throw UsageError("URL: " + std::string(error.what()));
    return resolve_blocking(name, port);
  }
}

bool has_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return colon != host.npos && host.find(']', colon) == host.npos;
}

bool is_printable(const std::string& text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < '\x7f'; });
}

void refuse_user(std::string_view rest) {
  if (rest.substr(0, rest.find('/')).find('@') == rest.npos) return;
  throw UsageError("URL: a user or password before the host is never sent");
}

// `rest` is what stands behind "http://".
ServerUrl http_url(ServerUrl::Wire wire, std::string rest) {
  rest = rest.substr(0, rest.find('#'));
  if (!is_printable(rest)) {
    throw UsageError("URL: " + rest + " has a character that no URL has");
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (rest.starts_with("unix:")) {
    throw UsageError(
        "URL: over a Unix socket there is no HTTP and no "
        "WebSocket: unix:PATH stands alone");
  }
  ServerUrl server{.wire = wire, .host = rest.substr(0, slash)};
  server.target = slash < rest.size() ? rest.substr(slash) : "/rpc";
  const std::string port(has_port(server.host) ? "" : kHttpPort);
  server.addresses = addresses_of(server.host + port);
  return server;
}

}  // namespace

ServerUrl ServerUrl::parse(const std::string& url) {
  if (url.starts_with("unix:")) return {.addresses = addresses_of(url)};
  const std::size_t mark = url.find("://");
  const std::string scheme = mark == url.npos ? "tcp" : url.substr(0, mark);
  const std::string rest = mark == url.npos ? url : url.substr(mark + 3);
  refuse_user(rest);
  if (scheme == "tcp") return {.addresses = addresses_of(rest)};
  if (scheme == "http") return http_url(Wire::http, rest);
  if (scheme == "ws") return http_url(Wire::websocket, rest);
  throw UsageError("URL: " + url +
                   " begins with none of tcp://, unix:, http:// and ws://");
}

std::unique_ptr<Asker> connect(Dispatcher& service, const ServerUrl& server) {
  switch (server.wire) {
    case ServerUrl::Wire::http:
      return std::make_unique<HttpClient>(service.reactor(), server.addresses,
                                          server.host, server.target);
    case ServerUrl::Wire::websocket:
      return std::make_unique<WebSocketClient>(service, server.addresses,
                                               server.host, server.target);
    case ServerUrl::Wire::lines:
      break;
  }
  return std::make_unique<Client>(service, server.addresses);
}

std::string hint_for(const ServerUrl& server, const std::string& error) {
  const bool is_other = error.starts_with("HTTP 4") ||
                        error.find("the server answered") != error.npos;
  const bool is_usual = server.target.empty() || server.target == "/rpc";
  if (!is_other || is_usual) return {};
  return " (the path of JSON-RPC is /rpc, as a rule)";
}

}  // namespace rp
