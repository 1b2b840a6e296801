#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <variant>

#include "reactor/clock.h"
#include "reactor/function.h"
#include "rpc/http_reply.h"
#include "rpc/wire/http.h"

namespace rp {

/// The limits of a route whose bodies are not held in memory.
struct StreamLimits {
  /// The longest body, in bytes; beyond it 413.
  std::uint64_t body = std::numeric_limits<std::uint64_t>::max();
  /// What must come at least, in bytes a second; else 408. It replaces the
  /// time for a whole request. Zero: no least rate, only `idle` ends it.
  std::uint64_t least_rate = 1024;
  /// Over which time the rate is taken; while the taker pauses it stands still.
  Duration window = std::chrono::seconds(10);
};

/// The way back from who takes a body to the connection it comes from. It
/// lives as long as the taker; once the request is answered, or the client has
/// gone, it does nothing more.
///
/// Thread rule: the loop's thread.
class HttpIntake {
 public:
  virtual ~HttpIntake() = default;

  /// The taker wants no more bytes for now: the client's own wait with the
  /// client. Before the first byte it also holds back "100 Continue".
  virtual void pause() = 0;
  virtual void resume() = 0;

  /// Answers before the body has come whole, and closes: the disk is full,
  /// say. The taker is destroyed at the end of the phase.
  virtual void refuse(HttpResponse response) = 0;
};

/// Takes the body of one request as it comes.
///
///     struct Sink : HttpTaker {
///       void on_body(std::string_view bytes) override { out.append(bytes); }
///       void on_end(HttpReply reply) override { reply.send({.status = 201}); }
///     };
///
/// Destroyed when its request has been answered, or before on_end() when the
/// client has gone, broke the protocol or was too slow: what it has stored is
/// then to be thrown away.
///
/// Thread rule: the loop's thread. Ownership: the connection's.
class HttpTaker {
 public:
  virtual ~HttpTaker() = default;

  /// Bytes lent for the length of the call; after pause() none come, except
  /// in the call that paused.
  virtual void on_body(std::string_view bytes) = 0;

  /// All has come. The taker lives until the answer has been given to its
  /// last byte, or the client has gone: who keeps the reply beyond this call
  /// asks it whether it is gone() before he uses the taker.
  virtual void on_end(HttpReply reply) = 0;
};

/// What a streaming route makes of a request's head: a taker for its body (not
/// nullptr: 500), or the answer that refuses it before the body has come.
using HttpStart = std::variant<std::unique_ptr<HttpTaker>, HttpResponse>;
using HttpMakeTaker = Function<HttpStart(const HttpRequest&, HttpIntake&)>;

}  // namespace rp
