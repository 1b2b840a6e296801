#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rp {

// What the parsers, the writer and the handlers of HTTP/1 share:
//
//     const HttpFields fields = {{"Connection", "close"}};
//     has_token(fields, "connection", "Close");  // true
//
// Thread rule: any thread; one at a time for each value.

/// The fields of a message, in their order: names as they came, values
/// without the white space around them (RFC 9110, section 5).
using HttpFields = std::vector<std::pair<std::string, std::string>>;

/// Compares as HTTP compares names and tokens: A to Z equal a to z.
bool same_token(std::string_view a, std::string_view b);

/// The value of the first field of this name, or null.
const std::string* find_field(const HttpFields& fields, std::string_view name);

/// How many fields have this name.
std::size_t count_fields(const HttpFields& fields, std::string_view name);

/// True when `token` stands in the list that all fields of this name make
/// together: has_token(fields, "Connection", "close") (RFC 9110, 5.6.1).
bool has_token(const HttpFields& fields, std::string_view name,
               std::string_view token);

/// True when the fields change over to `protocol`: `Upgrade` names it, and
/// `Connection` says that `Upgrade` is meant (RFC 9110, 7.8).
bool upgrades_to(const HttpFields& fields, std::string_view protocol);

/// True for POST, PUT and PATCH: a request says how long its body is, even if
/// it is empty (RFC 9110, 8.6).
bool wants_body(std::string_view method);

/// False for 1xx, 204 and 304: a response ends with its fields (RFC 9112,
/// 6.3).
bool may_have_body(int status);

/// How much a peer may send; one more is an error.
struct HttpLimits {
  /// Bytes of a head: its first line, its fields and all their line ends.
  /// The trailers of a chunked body have as much for themselves.
  std::size_t head = std::size_t{16} * 1024;

  /// Fields of a head, and as many trailers.
  std::size_t fields = 100;

  /// Bytes of a body, the framing of its chunks not counted.
  std::uint64_t body = std::uint64_t{4} * 1024 * 1024;
};

/// A request (RFC 9112, section 3).
///
///     HttpRequest request{.method = "GET", .target = "/x?a=1"};
///     request.path();   // "/x"
///     request.query();  // "a=1"
struct HttpRequest {
  std::string method = {};  ///< its case counts: "GET"
  std::string target = {};  ///< as it came
  int minor = 1;            ///< HTTP/1.minor: 0 or 1
  HttpFields fields = {};
  std::string body = {};  ///< the parser leaves it empty

  /// What the target names on this server, without its query; "/" when an
  /// absolute target has none. Nothing is decoded.
  std::string_view path() const;

  /// What stands behind the first '?', or nothing.
  std::string_view query() const;

  /// Whom it was sent to: the authority of an absolute target, else Host, or
  /// nothing (RFC 9112, 3.2.2). A name or address, and a port if one came.
  std::string_view host() const;

  const std::string* field(std::string_view name) const;
};

/// A response (RFC 9112, section 4). The reason phrase is not kept.
struct HttpResponse {
  int status = 200;
  HttpFields fields = {};
  std::string body = {};  ///< the parser leaves it empty

  const std::string* field(std::string_view name) const;
};

/// What a parser has to say.
struct HttpEvent {
  enum Kind {
    kNothingYet,
    kHead,   ///< the fields are there; a body may follow
    kBody,   ///< some bytes of the body, never none
    kEnd,    ///< the message is whole
    kError,  ///< final: the connection has to be closed
  };

  Kind kind = kNothingYet;
  std::string_view bytes = {};  ///< kBody: lent until the next call
  int status = 0;               ///< kError: what a server answers with
  std::string what = {};        ///< kError: in words, nothing of the peer's
};

/// The words behind a status, "Not Found"; nothing for one without
/// (RFC 9110, section 15).
std::string_view http_reason(int status);

}  // namespace rp
