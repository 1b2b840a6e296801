#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "reactor/address.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "rpc/wire/http.h"

namespace rp {

/// A connection as the replies to its requests see it. Exchanges, a request
/// and its answer each, are numbered; what is said of one that is over is
/// ignored.
///
/// Thread rule: the loop's thread.
class HttpAnswerer {
 public:
  virtual ~HttpAnswerer() = default;

  virtual void answer(std::uint64_t exchange, HttpResponse response) = 0;
  /// Nobody will answer any more, or go on with the body.
  virtual void forget(std::uint64_t exchange) = 0;
  virtual void begin_body(std::uint64_t exchange, const HttpResponse& head,
                          std::optional<std::uint64_t> length) = 0;
  virtual void write_body(std::uint64_t exchange, std::string_view bytes) = 0;
  virtual void end_body(std::uint64_t exchange) = 0;
  virtual bool is_full() const = 0;
  virtual void when_ready(Task task) = 0;
  virtual bool awaits(std::uint64_t exchange) const = 0;
};

/// Where a connection can be found while it lives.
struct HttpLink {
  HttpAnswerer* connection;
  Reactor& reactor;
  Address peer;
};

/// The body of an answer, written piece by piece as the client reads it.
///
///     HttpBody body = reply.start({200, {{"Content-Type", "text/plain"}}});
///     body.write("a piece");
///     if (body.full()) body.on_ready([...] { go_on(); }); else body.end();
///
/// Destroyed without end() it closes the connection, so that the client sees
/// that the body was cut (of HTTP/1.0, which knows no chunks, only by a
/// length). Writing more than the length that was promised, or ending before
/// it, cuts the body, too.
///
/// Thread rule: the loop's thread. It may outlive the connection.
class HttpBody {
 public:
  HttpBody() = default;
  HttpBody(std::shared_ptr<HttpLink> link, std::uint64_t exchange)
      : link_(std::move(link)), exchange_(exchange) {}
  HttpBody(HttpBody&& other) noexcept = default;
  HttpBody& operator=(HttpBody&& other) noexcept;
  ~HttpBody() { drop(); }

  /// Sends a piece; an empty one changes nothing.
  void write(std::string_view bytes);

  /// The body is whole. Afterwards this is empty.
  void end();

  /// Too much is unsent: write more after on_ready(). Who does not wait may
  /// lose the connection (ConnectionLimits::close_at).
  bool full() const;

  /// Calls `task` once, never within this call: when there is room again, or
  /// when gone(). Of two that wait for room only the later one is called.
  /// There is nothing to wait for when this is ended or empty: none is called.
  void on_ready(Task task);

  /// Nobody takes more: the client has gone, or it asked for the head only.
  bool gone() const;

  /// Neither ended nor empty.
  explicit operator bool() const { return link_ != nullptr; }

 private:
  void drop();

  std::shared_ptr<HttpLink> link_;
  std::uint64_t exchange_ = 0;
};

/// The duty to answer one request, once.
///
///     server.get("/later", [&](HttpRequest, HttpReply reply) {
///       reactor.run_after(1s, [reply = std::move(reply)]() mutable {
///         reply.send({200, {}, "at last\n"});
///       });
///     });
///
/// Destroyed unused it answers 500, so that no client waits for ever. After
/// it has answered it is empty, and answering again is a bug of the program,
/// which stops it.
///
/// Errors: send() and start() throw std::invalid_argument for a head that
/// cannot be written: a status below 200, a line's end in the value of a field,
/// a field that tells the length. The client is answered 500 then. Thrown out
/// of a handler it is the handler's (see HttpSite); out of a timer it goes to
/// the reactor's error handler, and without one it ends run().
///
/// Thread rule: the loop's thread. It may outlive the connection.
class HttpReply {
 public:
  HttpReply() = default;
  HttpReply(std::shared_ptr<HttpLink> link, std::uint64_t exchange)
      : link_(std::move(link)), exchange_(exchange) {}
  HttpReply(HttpReply&& other) noexcept = default;
  HttpReply& operator=(HttpReply&& other) noexcept;
  ~HttpReply() { drop(); }

  /// Answers. A body of any size is sent as the client reads it. A head that
  /// says "Connection: close" is obeyed, and one with a `Date` gets no other.
  void send(HttpResponse response);

  /// Begins an answer whose body follows; `head.body` is not looked at. With
  /// a `length` in bytes the client is told it; else the body is chunked
  /// (RFC 9112, 7.1) or, for HTTP/1.0, ends with the connection.
  HttpBody start(const HttpResponse& head,
                 std::optional<std::uint64_t> length = {});

  /// The client does not wait any more.
  bool gone() const;

  /// Who asks; not to be called once it has answered.
  const Address& peer() const { return owed("peer()")->peer; }

  /// Still owes its answer.
  explicit operator bool() const { return link_ != nullptr; }

 private:
  std::shared_ptr<HttpLink> owed(const char* what) const;
  void drop();

  std::shared_ptr<HttpLink> link_;
  std::uint64_t exchange_ = 0;
};

/// An answer in words, "text/plain"; for one without words, those that stand
/// behind its status.
///
///     return plain_text(404, "no such thing\n");
HttpResponse plain_text(int status, std::string body = {});

/// What a route does with a whole request: it returns the answer, or is handed
/// the reply and answers when it likes.
///
///     HttpHandler hello = [](const HttpRequest&) -> HttpResponse { ... };
///     HttpHandler later = [](HttpRequest request, HttpReply reply) { ... };
class HttpHandler {
 public:
  HttpHandler() = default;

  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, HttpHandler>)
      HttpHandler(F&& function) {
    using G = std::decay_t<F>&;
    if constexpr (std::is_invocable_v<G, HttpRequest, HttpReply>) {
      serve_ = std::forward<F>(function);
    } else {
      static_assert(std::is_invocable_r_v<HttpResponse, G, const HttpRequest&>,
                    "a handler is HttpResponse(const HttpRequest&) or "
                    "void(HttpRequest, HttpReply)");
      serve_ = [f = std::forward<F>(function)](HttpRequest request,
                                               HttpReply reply) mutable {
        reply.send(f(request));
      };
    }
  }

  void serve(HttpRequest request, HttpReply reply) {
    serve_(std::move(request), std::move(reply));
  }

  explicit operator bool() const { return static_cast<bool>(serve_); }

 private:
  Function<void(HttpRequest, HttpReply)> serve_;
};

}  // namespace rp
