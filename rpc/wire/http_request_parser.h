#pragma once

#include <string_view>

#include "rpc/wire/http.h"
#include "rpc/wire/http_parser.h"

namespace rp {

/// The server's half of HTTP/1: reads requests (RFC 9112, section 3). One
/// thread at a time.
///
///     HttpRequestParser parser;
///     parser.feed(bytes);
///     if (parser.next().kind == HttpEvent::kHead) route(parser.request());
///
/// Each refusal is a kError with the status to answer with before closing:
///
/// - 400: what breaks the grammar or could be read in two ways: two lengths, a
///   folded line, a bare CR, two Hosts, a length among the trailers, ...
/// - 413: a body beyond its limit, known as soon as its length is
/// - 417: an expectation other than 100-continue
/// - 414, 431: a first line, or fields or trailers, beyond their limits
/// - 501: a transfer coding other than chunked; CONNECT
/// - 505: a major version other than 1
///
/// What routes decide (404, 405, 411, 415) is the server's, and so is 408. A
/// server that answers pipelined requests in order stops asking at kEnd, and
/// calls keep().
class HttpRequestParser : public HttpParser {
 public:
  explicit HttpRequestParser(HttpLimits limits = {}) : HttpParser(limits) {}

  /// From kHead until the next one begins; it may be moved from.
  HttpRequest& request() { return request_; }

  /// From kHead on: the client waits for "100 Continue" (RFC 9110, 10.1.1).
  bool expects_continue() const { return expects_continue_; }

 private:
  void begin() override;
  void read_first_line(std::string_view line) override;
  HttpFields& fields() override { return request_.fields; }
  Body read_head() override;
  bool goes_on() override { return keeps_alive(); }
  int status_of(int status) const override { return status; }

  void read_expectation(const Body& body);

  HttpRequest request_;
  bool expects_continue_ = false;
};

}  // namespace rp
