#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "rpc/wire/http.h"

namespace rp {

/// Writes HTTP/1 messages behind what `out` holds already (RFC 9112).
///
///     std::string out;
///     write_response(out, {.status = 200, .body = "Hello, World!"},
///                    {.keep_alive = true});
///
/// How the body is framed is the writer's affair: Content-Length and
/// Transfer-Encoding among the fields, a name that is not a token, a CR, LF
/// or other control in a value, a target or a method, and a request without
/// its one Host, or with another than its target names, are bugs of the
/// program, and throw std::invalid_argument before `out` is touched. So nothing
/// that came from a stranger can end a field and begin another.
///
/// Thread rule: any thread.

/// Of its request and the connection. A field that it has itself is not added.
struct HttpWriting {
  bool keep_alive = true;  ///< false adds "Connection: close"
  bool to_head = false;    ///< the request was HEAD: all but the body
  int minor = 1;           ///< the request's: 0 must be told to keep alive
  std::string date = {};   ///< the Date field, as http_date(); none if empty
};

/// Writes a whole response. 1xx and 204 get no Content-Length, and they and
/// 304 no body (RFC 9110, 8.6 and 15).
void write_response(std::string& out, const HttpResponse& response,
                    const HttpWriting& writing = {});

/// Writes a head whose body follows in pieces: `length` bytes of them, as
/// they are, or without a length chunks, by write_chunk(). HTTP/1.0 has none:
/// bytes as they are until the connection is closed. `body` is not looked at.
void write_response_head(std::string& out, const HttpResponse& response,
                         std::optional<std::uint64_t> length,
                         const HttpWriting& writing = {});

/// Writes a whole request, with the length of its body if it has or wants one.
void write_request(std::string& out, const HttpRequest& request);

/// Writes a head whose body follows, as write_response_head().
void write_request_head(std::string& out, const HttpRequest& request,
                        std::optional<std::uint64_t> length);

/// Writes a piece of a chunked body (RFC 9112, 7.1); nothing for no bytes,
/// because an empty chunk would be the last one.
void write_chunk(std::string& out, std::string_view bytes);

/// Ends a chunked body.
void write_last_chunk(std::string& out, const HttpFields& trailers = {});

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::chrono::system_clock::time_point time);

}  // namespace rp
