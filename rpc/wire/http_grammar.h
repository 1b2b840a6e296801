#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/http.h"

namespace rp {

/// What a parser throws within itself when a peer breaks the rules. It leaves
/// the parser as an HttpEvent, never as an exception.
class HttpRefusal : public std::runtime_error {
 public:
  HttpRefusal(int status, const char* what)
      : std::runtime_error(what), status_(status) {}

  int status() const { return status_; }

 private:
  int status_;
};

// The words of RFC 9110 and RFC 9112, one function each. What breaks them is
// told by false or nothing, or by an HttpRefusal of the status named below.
//
//     std::string name, value;
//     parse_field("Host: localhost", name, value);
//
// Thread rule: any thread.

/// One or more letters, digits or marks of the token (RFC 9110, 5.6.2).
bool is_token(std::string_view text);

/// Without CR, LF, NUL or another control but the tab (RFC 9110, 5.5).
bool is_field_value(std::string_view text);

/// Content-Length or Transfer-Encoding: they say how long a body is, and so
/// belong to its head and to nobody's trailers (RFC 9110, 6.5.1).
bool is_framing(std::string_view name);

/// Without the spaces and tabs around it.
std::string_view trimmed(std::string_view text);

/// What stands between the commas of a list, trimmed; one that is empty, too.
/// Views of `value`.
std::vector<std::string_view> list_members(std::string_view value);

/// Digits and nothing else. Nothing if it is not a number; `UINT64_MAX` for
/// one that is larger (RFC 9110, 8.6).
std::optional<std::uint64_t> parse_decimal(std::string_view text);

/// "GET /x HTTP/1.1": 505 for another major version, else 400. The target is
/// checked to be of the form its method wants (RFC 9112, section 3).
void parse_request_line(std::string_view line, HttpRequest& request);

/// 400 unless one Host names a host, and an absolute target no other. HTTP/1.0
/// may come without it (RFC 9112, 3.2).
void check_host(const HttpRequest& request);

/// "HTTP/1.1 200 OK" (RFC 9112, section 4). Returns the minor version.
int parse_status_line(std::string_view line, int& status);

/// "Name: value". 400 for a space before the colon, and for a line that
/// begins with one: it would continue the line above (RFC 9112, 5.1 and 5.2).
void parse_field(std::string_view line, std::string& name, std::string& value);

/// "1f;extension": what its digits say (RFC 9112, 7.1). 400 for whatever else
/// stands there (a sign, a space before them), and for more than 64 bits.
std::uint64_t parse_chunk_size(std::string_view line);

/// The one number all Content-Length fields agree on, or nothing if there is
/// none. 400 for what is no number, and for two that differ.
std::optional<std::uint64_t> content_length(const HttpFields& fields);

/// True for chunks. 400 if a coding has no name, and if chunks are not the
/// last one or come twice; 501 for a coding that is not known (RFC 9112, 6.1).
bool is_chunked(const HttpFields& fields);

}  // namespace rp
