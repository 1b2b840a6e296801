#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "rpc/http_reply.h"
#include "rpc/http_stream.h"
#include "rpc/http_upgrade.h"
#include "rpc/wire/http.h"

namespace rp {

/// A route that takes a body as it comes.
struct HttpStreamRoute {
  HttpMakeTaker make;
  StreamLimits limits;
};

/// A route on which a connection leaves HTTP for `protocol`, a token whose case
/// does not count.
struct HttpUpgradeRoute {
  std::string protocol;
  HttpMakeUpgrade make;
};

/// Which handler serves which method of which path. A path is exact, or ends
/// with `/*` and stands for all paths with that beginning; the exact one wins,
/// then the longest. Paths are compared as they were sent: an escaped one
/// (`%2e`) is another path, and nothing is joined to anything.
///
///     routes.add("GET", "/x", HttpHandler(handler));
///     const HttpRoutes::Found found = routes.find(request);
///
/// Thread rule: one thread at a time.
class HttpRoutes {
 public:
  using Route = std::variant<HttpHandler, HttpStreamRoute>;

  /// Throws std::invalid_argument for a path that does not begin with a
  /// slash, for a method that the path has already, and for one that would
  /// never be asked for: in small letters, HEAD (which GET serves), CONNECT.
  void add(std::string_view method, std::string_view path, Route route);

  /// Beside its methods: a GET that asks for this protocol is an upgrade.
  void add_upgrade(std::string_view path, HttpUpgradeRoute route);

  /// A route (that lives as long as this), or the answer when there is none:
  /// 404; 405 with `Allow`; 426 where only an upgrade leads on; 501 for a
  /// method that nobody has; 204 with `Allow` to OPTIONS (RFC 9110, 9.3.7).
  using Found = std::variant<HttpHandler*, HttpStreamRoute*, HttpUpgradeRoute*,
                             HttpResponse>;
  Found find(const HttpRequest& request);

 private:
  struct Path {
    std::map<std::string, Route, std::less<>> methods;
    std::deque<HttpUpgradeRoute> upgrades;
  };
  using Paths = std::map<std::string, Path, std::less<>>;

  Path& at(std::string_view path);
  Path* find_path(std::string_view path);
  Found find_method(Path& path, const HttpRequest& request) const;
  HttpResponse refuse_method(const Path& path,
                             const HttpRequest& request) const;

  Paths exact_;
  Paths prefixes_;
};

}  // namespace rp
