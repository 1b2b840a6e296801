#include "rpc/http_routes.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

[[noreturn]] void refuse(std::string_view path, const char* why) {
  throw std::invalid_argument("route \"" + std::string(path) + "\": " + why);
}

/// The methods that others have, which nobody here need serve (RFC 9110, 9.1;
/// RFC 5789). TRACE would send a stranger's request back as a page of ours.
bool is_known(std::string_view method) {
  static constexpr std::string_view kKnown[] = {
      "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return std::find(std::begin(kKnown), std::end(kKnown), method) !=
         std::end(kKnown);
}

/// Clients send methods in capitals, CONNECT is for proxies, and HEAD is
/// served by GET.
bool may_come(std::string_view method) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  return is_token(method) &&
         std::none_of(method.begin(), method.end(), is_small) &&
         method != "HEAD" && method != "CONNECT";
}

HttpResponse with_allow(HttpResponse response, std::string methods) {
  response.fields.emplace_back("Allow", std::move(methods));
  return response;
}

}  // namespace

HttpRoutes::Path& HttpRoutes::at(std::string_view path) {
  if (path.empty() || path.front() != '/') {
    refuse(path, "a path begins with a slash");
  }
  const bool open = path.size() > 1 && path.substr(path.size() - 2) == "/*";
  if (open) path.remove_suffix(1);
  Paths& paths = open ? prefixes_ : exact_;
  return paths[std::string(path)];
}

void HttpRoutes::add(std::string_view method, std::string_view path,
                     Route route) {
  if (!may_come(method)) refuse(path, "its method never comes here");
  const bool is_new = at(path).methods.emplace(method, std::move(route)).second;
  if (!is_new) refuse(path, "it has this method already");
}

void HttpRoutes::add_upgrade(std::string_view path, HttpUpgradeRoute route) {
  at(path).upgrades.push_back(std::move(route));
}

HttpRoutes::Path* HttpRoutes::find_path(std::string_view path) {
  if (const auto found = exact_.find(path); found != exact_.end()) {
    return &found->second;
  }
  while (!prefixes_.empty() && !path.empty()) {
    const auto found = prefixes_.find(path);
    if (found != prefixes_.end()) return &found->second;
    const std::size_t slash = path.substr(0, path.size() - 1).rfind('/');
    path = slash == path.npos ? "" : path.substr(0, slash + 1);
  }
  return nullptr;
}

HttpRoutes::Found HttpRoutes::find(const HttpRequest& request) {
  if (request.method == "OPTIONS" && request.target == "*") {
    return with_allow({.status = 204},
                      "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  }
  Path* path = find_path(request.path());
  if (path == nullptr) {
    return plain_text(is_known(request.method) ? 404 : 501);
  }
  return find_method(*path, request);
}

HttpRoutes::Found HttpRoutes::find_method(Path& path,
                                          const HttpRequest& request) const {
  const bool may_upgrade = request.method == "GET" && request.minor >= 1;
  for (HttpUpgradeRoute& upgrade : path.upgrades) {
    if (may_upgrade && upgrades_to(request.fields, upgrade.protocol)) {
      return &upgrade;
    }
  }
  const bool head = request.method == "HEAD";
  const auto found = path.methods.find(head ? "GET" : request.method);
  if (found == path.methods.end()) return refuse_method(path, request);
  if (auto* handler = std::get_if<HttpHandler>(&found->second)) return handler;
  return &std::get<HttpStreamRoute>(found->second);
}

HttpResponse HttpRoutes::refuse_method(const Path& path,
                                       const HttpRequest& request) const {
  if (!is_known(request.method)) return plain_text(501);
  if (request.method == "GET" && !path.upgrades.empty()) {
    HttpResponse response = plain_text(426);
    response.fields.emplace_back("Upgrade", path.upgrades.front().protocol);
    response.fields.emplace_back("Connection", "Upgrade");
    return response;
  }
  std::set<std::string_view> methods = {"OPTIONS"};
  for (const auto& [method, route] : path.methods) methods.insert(method);
  if (methods.contains("GET")) methods.insert("HEAD");
  if (!path.upgrades.empty()) methods.insert("GET");
  std::string allowed;
  for (const std::string_view method : methods) {
    allowed.append(allowed.empty() ? "" : ", ").append(method);
  }
  const bool asked = request.method == "OPTIONS";
  return with_allow(asked ? HttpResponse{.status = 204} : plain_text(405),
                    std::move(allowed));
}

}  // namespace rp
