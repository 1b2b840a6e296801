#include "rpc/wire/http.h"

#include <algorithm>

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// A target as "http://host:port/path?query" has them; the origin form begins
// with its path.
struct Target {
  std::string_view authority;
  std::string_view path_and_query;
};

Target split_target(std::string_view target) {
  if (target.starts_with('/') || target == "*") return {{}, target};
  const std::size_t scheme_end = target.find("://");
  if (scheme_end == target.npos) return {{}, target};
  const std::string_view rest = target.substr(scheme_end + 3);
  const std::size_t end = std::min(rest.find_first_of("/?"), rest.size());
  return {rest.substr(0, end), rest.substr(end)};
}

struct Reason {
  int status;
  std::string_view words;
};

constexpr Reason kReasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

}  // namespace

bool same_token(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

const std::string* find_field(const HttpFields& fields, std::string_view name) {
  for (const auto& [key, value] : fields) {
    if (same_token(key, name)) return &value;
  }
  return nullptr;
}

std::size_t count_fields(const HttpFields& fields, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      fields.begin(), fields.end(),
      [name](const auto& field) { return same_token(field.first, name); }));
}

bool has_token(const HttpFields& fields, std::string_view name,
               std::string_view token) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
    if (!same_token(field.first, name)) return false;
    const auto members = list_members(field.second);
    return std::any_of(members.begin(), members.end(),
                       [&](auto member) { return same_token(member, token); });
  });
}

bool upgrades_to(const HttpFields& fields, std::string_view protocol) {
  return has_token(fields, "Connection", "upgrade") &&
         has_token(fields, "Upgrade", protocol);
}

bool wants_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string_view HttpRequest::path() const {
  const std::string_view rest = split_target(target).path_and_query;
  const std::string_view path = rest.substr(0, rest.find('?'));
  return path.empty() ? "/" : path;
}

std::string_view HttpRequest::query() const {
  const std::string_view rest = split_target(target).path_and_query;
  const std::size_t mark = rest.find('?');
  return mark == rest.npos ? std::string_view() : rest.substr(mark + 1);
}

std::string_view HttpRequest::host() const {
  const std::string_view authority = split_target(target).authority;
  const std::string* named = field("Host");
  if (!authority.empty() || named == nullptr) return authority;
  return *named;
}

const std::string* HttpRequest::field(std::string_view name) const {
  return find_field(fields, name);
}

const std::string* HttpResponse::field(std::string_view name) const {
  return find_field(fields, name);
}

std::string_view http_reason(int status) {
  const auto* found =
      std::find_if(std::begin(kReasons), std::end(kReasons),
                   [&](const Reason& r) { return r.status == status; });
  return found == std::end(kReasons) ? std::string_view() : found->words;
}

}  // namespace rp
