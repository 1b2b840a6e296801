#include "rpc/wire/http_request_parser.h"

#include <cstddef>

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
  check_host();
  const Body body = announced_body(request_.fields, request_.minor);
  read_expectation(body);
  set_keeps_alive(asks_to_keep(request_.fields, request_.minor));
  return body;
}

// RFC 9112, 3.2. An absolute target goes before Host (3.2.2): where the two
// differ, recipients that look at only one of them would, too.
void HttpRequestParser::check_host() const {
  const std::size_t count = count_fields(request_.fields, "Host");
  if (count > 1) throw HttpRefusal(400, "more than one Host");
  if (count == 0 && request_.minor > 0) throw HttpRefusal(400, "no Host");
  if (count == 0) return;

  const std::string& named = *request_.field("Host");
  if (!is_host(named)) throw HttpRefusal(400, "a Host that is no host");
  if (!same_token(named, request_.host())) {
    throw HttpRefusal(400, "a Host that differs from the target's");
  }
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
