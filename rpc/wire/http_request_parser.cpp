#include "rpc/wire/http_request_parser.h"

#include "rpc/wire/http_grammar.h"

namespace rp {

void HttpRequestParser::begin() {
  request_ = {};
  expects_continue_ = false;
}

void HttpRequestParser::read_first_line(std::string_view line) {
  parse_request_line(line, request_);
}

HttpParser::Body HttpRequestParser::read_head() {
  check_host(request_);
  const Body body = announced_body(request_.fields, request_.minor);
  read_expectation(body);
  set_keeps_alive(asks_to_keep(request_.fields, request_.minor));
  return body;
}

// HTTP/1.0 did not know expectations (RFC 9110, 10.1.1).
void HttpRequestParser::read_expectation(const Body& body) {
  if (request_.minor == 0) return;
  for (const auto& [name, value] : request_.fields) {
    if (!same_token(name, "Expect")) continue;
    if (!same_token(value, "100-continue")) {
      throw HttpRefusal(417, "an unknown expectation");
    }
    expects_continue_ = body.framing == Framing::kChunks || body.length > 0;
  }
}

}  // namespace rp
