#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/acceptor.h"
#include "reactor/address.h"
#include "reactor/connection.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "rpc/http_reply.h"
#include "rpc/http_routes.h"
#include "rpc/http_stream.h"
#include "rpc/http_upgrade.h"
#include "rpc/wire/http.h"

namespace rp {

/// What may be set for a site; all of it may be left out.
struct HttpOptions {
  /// Requests that are being received take memory up to its `connections`
  /// times `http.body` (4 MiB): set it to what the machine has.
  AcceptorLimits acceptor = {};
  HttpLimits http = {};
  /// Among them `idle`: 60 s.
  ConnectionLimits connection = {};
  /// For a whole request, from its first byte to its last; then 408. Zero: no
  /// limit. Streaming routes have a least rate instead.
  Duration receive = std::chrono::seconds(15);
  /// Values of `Host` that are taken beside our own, as a proxy sends them:
  /// "rpc.example.com", "rpc.example.com:8080".
  std::vector<std::string> hosts = {};
  /// Origins whose pages may call beside our own: "https://example.com".
  std::vector<std::string> origins = {};
};

/// One request and what came of it, lent to who is told: for access logs and
/// counts.
struct HttpExchange {
  std::string_view method;
  std::string_view path;
  int status;           ///< 0: never answered
  std::uint64_t bytes;  ///< of the body that was sent
  Duration duration;    ///< from the head to the answer's last byte
  const Address& peer;
  bool cut;                ///< the answer did not come to its end
  std::string_view error;  ///< what the handler threw, if it did
};

/// What a site has seen, and refused by which reason.
struct HttpStats {
  std::uint64_t connections = 0;      ///< ever taken
  std::uint64_t requests = 0;         ///< whose head was read
  std::uint64_t malformed = 0;        ///< 400, 413, 414, 431, ...
  std::uint64_t foreign_hosts = 0;    ///< 421
  std::uint64_t foreign_origins = 0;  ///< 403
  std::uint64_t too_slow = 0;         ///< 408
  std::uint64_t failed = 0;           ///< a handler threw, or forgot to answer
};

/// What is served over HTTP, without the sockets: its routes, who may call,
/// and who is told about it. An HttpServer is a site that listens.
///
///     site.get("/x", [](const HttpRequest&) { return plain_text(200, "x"); });
///     site.stream("PUT", "/files", make_taker);
///
/// A request whose handler throws is answered 500; if its answer has begun, it
/// is cut. What was thrown is told to those who listen with on_answered(), and
/// to nobody else: it spoils this one answer, and is not the loop's. Only what
/// is thrown when all of the answer was given goes to the reactor's error
/// handler. HEAD is served by GET.
///
/// Thread rule: the loop's thread. It must outlive the run() in which its
/// connections live.
class HttpSite {
 public:
  /// `port` is what `Host` must name; 0, of a Unix socket, is not compared.
  HttpSite(Reactor& reactor, std::uint16_t port, HttpOptions options);
  HttpSite(const HttpSite&) = delete;
  HttpSite& operator=(const HttpSite&) = delete;

  // Routes; see HttpRoutes for paths and errors.

  void get(std::string_view path, HttpHandler handler);
  void post(std::string_view path, HttpHandler handler);
  void put(std::string_view path, HttpHandler handler);
  void route(std::string_view method, std::string_view path,
             HttpHandler handler);

  /// A route whose bodies are taken as they come, of any size.
  void stream(std::string_view method, std::string_view path,
              HttpMakeTaker make, StreamLimits limits = {});

  /// GET requests of this path that ask for `protocol` ("websocket") leave
  /// HTTP. Others of the same path go to its other routes.
  void upgrade(std::string_view path, std::string_view protocol,
               HttpMakeUpgrade make);

  // Who may call.

  /// Why the request is not served, if it is not: its `Host` is neither an IP
  /// address nor localhost with our port, nor listed (421, which names it: a
  /// page elsewhere may have rebound its name to us), or its `Origin` is not
  /// allowed (403).
  std::optional<HttpResponse> refusal(const HttpRequest& request);

  /// No `Origin`, or the one of our own pages, or one that is listed.
  bool origin_is_allowed(const HttpRequest& request) const;

  // Looking at it.

  /// Tells `listener` of each exchange at its end; several may listen. What
  /// one throws goes to the reactor's error handler.
  void on_answered(Function<void(const HttpExchange&)> listener);
  const HttpStats& stats() const { return stats_; }

  Reactor& reactor() { return reactor_; }
  const HttpOptions& options() const { return options_; }

  // For connections.

  HttpRoutes& routes() { return routes_; }
  HttpStats& stats() { return stats_; }
  bool is_watched() const { return !listeners_.empty(); }
  void tell(const HttpExchange& exchange);

  /// The value of `Date`, made once a second.
  const std::string& date();

 protected:
  void set_port(std::uint16_t port) { port_ = port; }

 private:
  Reactor& reactor_;
  std::uint16_t port_;
  HttpOptions options_;
  HttpRoutes routes_;
  HttpStats stats_;
  std::vector<Function<void(const HttpExchange&)>> listeners_;
  std::string date_;
  std::optional<TimePoint> dated_;
};

/// Whether `host`, the value of a `Host` field, is an IP address or localhost,
/// with `port` (80 when it names none; any when `port` is 0).
bool is_own_host(std::string_view host, std::uint16_t port);

}  // namespace rp
