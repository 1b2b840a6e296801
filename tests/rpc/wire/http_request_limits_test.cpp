#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "rpc/wire/http_request_parser.h"
#include "tests/support/parsed_http.h"

namespace rp {
namespace {

std::string of_chunks(const std::string& chunks, HttpLimits limits = {}) {
  return last_said(
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
          chunks,
      limits);
}

constexpr HttpLimits kSmall = {.head = 64, .fields = 3, .body = 10};

// A request whose head has `size` bytes, by the length of its target or of a
// field.
std::string head_of(std::size_t size, bool by_target) {
  const std::string around = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
  const std::string more(size - around.size(), 'x');
  if (by_target) return "GET /" + more + around.substr(5);
  return around.substr(0, around.size() - 4) + more + "\r\n\r\n";
}

TEST(HttpRequestParserRefuses, HeadsBeyondTheirLimit) {
  EXPECT_EQ(last_said(head_of(64, true), kSmall), "end");
  EXPECT_EQ(last_said(head_of(65, true), kSmall), "error 431");
  EXPECT_EQ(last_said(head_of(64, false), kSmall), "end");
  EXPECT_EQ(last_said(head_of(65, false), kSmall), "error 431");
  EXPECT_EQ(last_said("\r\n" + head_of(62, false), kSmall), "end");
  EXPECT_EQ(last_said("\r\n" + head_of(63, false), kSmall), "error 431");
}

TEST(HttpRequestParserRefuses, FirstLinesBeyondTheLimitOfTheHead) {
  const std::string line = "GET /" + std::string(48, 'x') + " HTTP/1.1";
  EXPECT_EQ(line.size(), 62u);
  EXPECT_EQ(last_said(line + "\r\n", kSmall), "nothing");
  EXPECT_EQ(last_said(line + "\r\n\r\n", kSmall), "error 431");
  EXPECT_EQ(last_said("\r\n" + line + "\r\n", kSmall), "error 414");
  EXPECT_EQ(last_said(std::string(64, 'x'), kSmall), "nothing");
  EXPECT_EQ(last_said(std::string(65, 'x'), kSmall), "error 414");
}

TEST(HttpRequestParserRefuses, HeadsBeyondTheLimitInASecondRequestToo) {
  const std::string first = head_of(64, false);
  EXPECT_EQ(last_said(first + head_of(64, false), kSmall), "end");
  EXPECT_EQ(last_said(first + head_of(65, false), kSmall), "error 431");
}

TEST(HttpRequestParserRefuses, OneFieldTooMany) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\nX: y\r\n";
  EXPECT_EQ(last_said(head + "\r\n", kSmall), "end");
  EXPECT_EQ(last_said(head + "X: y\r\n\r\n", kSmall), "error 431");
}

TEST(HttpRequestParserRefuses, BodiesBeyondTheirLimit) {
  const std::string head = "PUT / HTTP/1.0\r\nContent-Length: ";
  EXPECT_EQ(last_said(head + "10\r\n\r\n0123456789", kSmall), "end");
  EXPECT_EQ(last_said(head + "11\r\n\r\n", kSmall), "error 413");
}

TEST(HttpRequestParserRefuses, ChunkedBodiesBeyondTheirLimit) {
  HttpLimits limits = kSmall;
  limits.head = 100;
  EXPECT_EQ(of_chunks("4\r\nabcd\r\n6\r\nefghij\r\n0\r\n\r\n", limits), "end");
  EXPECT_EQ(of_chunks("4\r\nabcd\r\n7\r\n", limits), "error 413");
  EXPECT_EQ(of_chunks("b\r\n", limits), "error 413");
  EXPECT_EQ(of_chunks("4\r\nabcd\r\nffffffffffffffff\r\n", limits),
            "error 413");
}

constexpr HttpLimits kEndless = {.body =
                                     std::numeric_limits<std::uint64_t>::max()};

TEST(HttpRequestParserRefuses, LengthsThatWouldPassSixtyFourBits) {
  const std::string head = "PUT / HTTP/1.0\r\nContent-Length: ";
  EXPECT_EQ(last_said(head + "18446744073709551614\r\n\r\n", kEndless),
            "PUT / HTTP/1.0 {Content-Length: 18446744073709551614}");
  EXPECT_EQ(last_said(head + "18446744073709551616\r\n\r\n", kEndless),
            "error 413");
}

TEST(HttpRequestParserRefuses, ChunkSizesThatWouldPassSixtyFourBits) {
  EXPECT_EQ(of_chunks("1\r\nx\r\nfffffffffffffffe\r\n", kEndless), "body x");
  EXPECT_EQ(of_chunks("1\r\nx\r\nffffffffffffffff\r\n", kEndless), "error 413");
  EXPECT_EQ(of_chunks("1\r\nx\r\n10000000000000000\r\n", kEndless),
            "error 400");
}

TEST(HttpRequestParserRefuses, TrailersBeyondTheirLimits) {
  HttpLimits limits = kSmall;
  limits.head = 70;
  EXPECT_EQ(of_chunks("0\r\nT: " + std::string(63, 'x') + "\r\n\r\n", limits),
            "end {T: " + std::string(63, 'x') + "}");
  EXPECT_EQ(of_chunks("0\r\nT: " + std::string(64, 'x') + "\r\n\r\n", limits),
            "error 431");
  EXPECT_EQ(of_chunks("0\r\nA:\r\nB:\r\nC:\r\n\r\n", limits),
            "end {A: , B: , C: }");
  EXPECT_EQ(of_chunks("0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n", limits),
            "error 431");
}

TEST(HttpRequestParserRefuses, ChunkExtensionsBeyondTheLimitOfALine) {
  const std::string chunk = "1;" + std::string(252, 'x');
  EXPECT_EQ(of_chunks(chunk + "\r\nx\r\n0\r\n\r\n"), "end");
  EXPECT_EQ(of_chunks(chunk + "x\r\nx\r\n0\r\n\r\n"), "error 400");
}

TEST(HttpRequestParserRefuses, BodiesBeyondTheLimitOfTheirRoute) {
  const auto says = [](std::uint64_t limit) {
    HttpRequestParser parser(kSmall);
    parser.feed("PUT / HTTP/1.0\r\nContent-Length: 20\r\n\r\n");
    EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
    parser.limit_body(limit);
    return parser.next().status;
  };
  EXPECT_EQ(says(20), 0);
  EXPECT_EQ(says(19), 413);
}

TEST(HttpRequestParser, TakesTheLimitOfARouteForOneRequest) {
  HttpRequestParser parser(kSmall);
  const std::string request =
      "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890";
  const std::string stream = request + request;
  parser.feed(stream);
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  parser.limit_body(11);
  EXPECT_EQ(parser.next().kind, HttpEvent::kBody);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_EQ(parser.next().status, 413);
}

TEST(HttpLimits, AreThoseOfTheDesign) {
  EXPECT_EQ(HttpLimits().head, 16384u);
  EXPECT_EQ(HttpLimits().fields, 100u);
  EXPECT_EQ(HttpLimits().body, 4194304u);
}

}  // namespace
}  // namespace rp
