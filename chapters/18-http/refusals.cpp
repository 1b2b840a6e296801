#include <cstdio>
#include <string>
#include <string_view>

#include "rpc/wire/http_request_parser.h"

// One request a line, and what a server makes of it: the status with which it
// refuses, or how long the body is that it has read. None of the refused ones
// is nonsense: each is read by some server, and each in two ways.

struct Case {
  const char* what;
  std::string_view fields;
  std::string_view body;
};

constexpr std::string_view kChunked = "Transfer-Encoding: chunked\r\n";

constexpr Case kCases[] = {
    {"one length", "Content-Length: 5\r\n", "hello"},
    {"the same length twice", "Content-Length: 5, 5\r\n", "hello"},
    {"two lengths", "Content-Length: 5\r\nContent-Length: 0\r\n", "hello"},
    {"a signed length", "Content-Length: +5\r\n", "hello"},
    {"chunks", kChunked, "5\r\nhello\r\n0\r\n\r\n"},
    {"a length and chunks",
     "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"},
    {"chunks, then gzip", "Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"},
    {"a chunk of 16 EiB", kChunked, "1\r\n!\r\nffffffffffffffff\r\n"},
    {"a chunk of one digit more", kChunked, "10000000000000005\r\nhello"},
    {"a chunk that is too short", kChunked, "4\r\nhello\r\n0\r\n\r\n"},
    {"a space before the colon", "Content-Length : 5\r\n", "hello"},
    {"a folded line", "X: y\r\n Content-Length: 5\r\n", "hello"},
    {"a line that ends in LF", "X: y\nContent-Length: 5\r\n", "hello"},
    {"a CR within a line", "X: y\rContent-Length: 5\r\n", "hello"},
    {"a second Host", "Host: b\r\n", ""},
};

static std::string judged(std::string_view stream) {
  rp::HttpRequestParser parser;
  parser.feed(stream);
  std::size_t body = 0;
  for (;;) {
    const rp::HttpEvent event = parser.next();
    if (event.kind == rp::HttpEvent::kBody) body += event.bytes.size();
    if (event.kind == rp::HttpEvent::kError) {
      return std::to_string(event.status) + ", " + event.what;
    }
    if (event.kind == rp::HttpEvent::kEnd) {
      return "a body of " + std::to_string(body) + ", and " +
             std::to_string(parser.rest().size()) + " more bytes";
    }
    if (event.kind == rp::HttpEvent::kNothingYet) return "waits for more";
  }
}

int main() {
  for (const Case& one : kCases) {
    std::string stream = "POST / HTTP/1.1\r\nHost: a\r\n";
    stream.append(one.fields).append("\r\n").append(one.body);
    std::printf("%-26s %s\n", one.what, judged(stream).c_str());
  }
}
