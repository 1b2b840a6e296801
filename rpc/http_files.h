#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rpc/http_site.h"

namespace rp {

/// One entry of a table of files.
struct HttpFile {
  std::string url;    ///< the exact path: "/", "/style.css"
  std::string type;   ///< "text/html; charset=utf-8"
  std::string bytes;  ///< held as long as the site
};

/// What pages may do when nothing else is said: use what comes from their own
/// origin, WebSockets among it, be framed by nobody, run nothing inline.
inline constexpr std::string_view kOwnContentOnly =
    "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

/// Serves files from a fixed table: no path is made from what a client sent.
///
///     serve_files(server, {read_file("/", "page/index.html"),
///                          {"/robots.txt", "text/plain", "..."}});
///
/// Each answer has an `ETag`, so that a client asks whether it has changed
/// (`If-None-Match`: 304), forbids to guess its type, and says by
/// Content-Security-Policy what its page may do.
///
/// Thread rule: the loop's thread.
void serve_files(HttpSite& site, std::vector<HttpFile> files,
                 std::string_view policy = kOwnContentOnly);

/// An entry whose bytes are read now, whole, and whose type follows from the
/// name's end. Throws std::system_error ("read page/index.html: No such file
/// or directory").
HttpFile read_file(std::string url, const std::string& path);

/// The media type for a name: ".html", ".css", ".js", ".json", ".svg", ".png",
/// ".txt"; for any other "application/octet-stream".
std::string_view media_type(std::string_view name);

}  // namespace rp
