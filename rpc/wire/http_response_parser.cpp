#include "rpc/wire/http_response_parser.h"

#include "rpc/wire/http_grammar.h"

namespace rp {

namespace {

bool is_interim(int status) { return status < 200; }

}  // namespace

void HttpResponseParser::begin() { response_ = {}; }

void HttpResponseParser::read_first_line(std::string_view line) {
  minor_ = parse_status_line(line, response_.status);
  status_ = response_.status;
}

// RFC 9112, 6.3, in its order.
HttpParser::Body HttpResponseParser::read_head() {
  const bool keeps = asks_to_keep(response_.fields, minor_);
  // What a server says behind 101 is not HTTP.
  set_keeps_alive(is_interim(status_) ? status_ != 101 : keeps);
  if (to_head_ || !may_have_body(status_)) return {};
  Body body = announced_body(response_.fields, minor_);
  if (body.framing == Framing::kNone) {
    body.framing = Framing::kClose;
    set_keeps_alive(false);
  }
  return body;
}

bool HttpResponseParser::goes_on() {
  if (!is_interim(status_)) to_head_ = false;
  return keeps_alive();
}

}  // namespace rp
