#include <cstdio>
#include <initializer_list>
#include <string_view>

#include "rpc/wire/http_request_parser.h"

// What a parser of requests says of bytes that come in pieces: five requests
// on one connection, cut where the network cuts, which is anywhere.

static void say(rp::HttpRequestParser& parser, const rp::HttpEvent& event) {
  const rp::HttpRequest& request = parser.request();
  switch (event.kind) {
    case rp::HttpEvent::kNothingYet:
      std::printf("%s\n", parser.partial() ? "and more to come" : "idle");
      break;
    case rp::HttpEvent::kHead:
      std::printf("head of %s\n", request.target.c_str());
      break;
    case rp::HttpEvent::kBody:
      std::printf("body of %zu\n", event.bytes.size());
      break;
    case rp::HttpEvent::kEnd:
      std::printf("end of %s\n", request.target.c_str());
      break;
    case rp::HttpEvent::kError:
      std::printf("error %d\n", event.status);
      break;
  }
}

int main() {
  rp::HttpRequestParser parser;
  for (const std::string_view piece : {
           "GET /a HTTP/1.1\r\nHost: x\r\n\r",
           "\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel",
           "loPUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
           "3\r\nfoo\r\n3\r\nbar\r\n0\r\n",
           "\r\nGET /d HTTP/1.0\r\nConnection: keep-alive\r\n\r\n\r\n",
           "GET /e HTTP/1.1\r\n\r\n",
       }) {
    parser.feed(piece);
    rp::HttpEvent event;
    do {
      event = parser.next();
      say(parser, event);
    } while (event.kind != rp::HttpEvent::kNothingYet &&
             event.kind != rp::HttpEvent::kError);
  }
}
