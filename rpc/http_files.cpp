#include "rpc/http_files.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

#include "rpc/http_reply.h"
#include "rpc/wire/http.h"

namespace rp {

namespace {

// FNV-1a: tells versions of a file apart, and need not hold off anybody.
std::string entity_tag(std::string_view bytes) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211u;
  }
  std::array<char, 16> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16);
  return '"' + std::string(digits.data(), end.ptr) + '"';
}

// The comparison is the weak one (RFC 9110, 13.1.2); our tags hold no comma.
bool is_unchanged(const HttpRequest& request, const std::string& tag) {
  return has_token(request.fields, "If-None-Match", tag) ||
         has_token(request.fields, "If-None-Match", "W/" + tag) ||
         has_token(request.fields, "If-None-Match", "*");
}

HttpHandler handler_for(HttpFile file, std::string_view policy) {
  const std::string tag = entity_tag(file.bytes);
  HttpFields fields = {{"Content-Type", std::move(file.type)},
                       {"ETag", tag},
                       {"Cache-Control", "no-cache"},
                       {"X-Content-Type-Options", "nosniff"},
                       {"Content-Security-Policy", std::string(policy)}};
  return [tag, fields = std::move(fields), bytes = std::move(file.bytes)](
             const HttpRequest& request) -> HttpResponse {
    if (is_unchanged(request, tag)) return {304, fields, {}};
    return {200, fields, bytes};
  };
}

}  // namespace

void serve_files(HttpSite& site, std::vector<HttpFile> files,
                 std::string_view policy) {
  for (HttpFile& file : files) {
    const std::string url = file.url;
    site.get(url, handler_for(std::move(file), policy));
  }
}

HttpFile read_file(std::string url, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  const bool has_bytes =
      file && file.peek() != std::ifstream::traits_type::eof();
  if (has_bytes) bytes << file.rdbuf();
  if (!file.is_open() || file.bad() || !bytes) {
    throw std::system_error(errno, std::generic_category(), "read " + path);
  }
  return {std::move(url), std::string(media_type(path)), bytes.str()};
}

std::string_view media_type(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".json", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".txt", "text/plain; charset=utf-8"}};
  for (const auto& [end, type] : kTypes) {
    if (name.size() >= end.size() &&
        name.substr(name.size() - end.size()) == end) {
      return type;
    }
  }
  return "application/octet-stream";
}

}  // namespace rp
