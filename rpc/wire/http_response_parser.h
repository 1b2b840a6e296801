#pragma once

#include <string_view>

#include "rpc/wire/http.h"
#include "rpc/wire/http_parser.h"

namespace rp {

/// The client's half of HTTP/1: reads responses (RFC 9112, sections 4 and 6).
///
///     HttpResponseParser parser;
///     parser.expect("HEAD");  // what was asked, before the answer comes
///     parser.feed(bytes);
///     if (parser.next().kind == HttpEvent::kHead) look(parser.response());
///
/// An interim response (100 to 199) is a kHead and a kEnd of its own; the
/// final one follows. Behind 101 nothing is parsed: rest() is the other
/// protocol's until the next feed(), which drops it.
///
/// The status of its errors is 502, "Bad Gateway": the answer was none.
///
/// One thread at a time.
class HttpResponseParser : public HttpParser {
 public:
  explicit HttpResponseParser(HttpLimits limits = {}) : HttpParser(limits) {}

  /// The method of the request which the next response answers: one to HEAD
  /// has no body, whatever its fields say. It holds until that response's
  /// kEnd; then it is "GET" again.
  void expect(std::string_view method) { to_head_ = method == "HEAD"; }

  /// The server has ended the stream. That is the end of a body without a
  /// length; within any other message next() says kError, and kNothingYet
  /// between two.
  void feed_end() { end_stream(); }

  /// From kHead until the next one begins. It may be moved from. Its body is
  /// empty.
  HttpResponse& response() { return response_; }

 private:
  void begin() override;
  void read_first_line(std::string_view line) override;
  HttpFields& fields() override { return response_.fields; }
  Body read_head() override;
  bool goes_on() override;
  int status_of(int) const override { return 502; }

  HttpResponse response_;
  int minor_ = 1;
  int status_ = 0;  ///< its status, also when it was moved from
  bool to_head_ = false;
};

}  // namespace rp
