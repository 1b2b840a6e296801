#include "rpc/wire/http_request_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/parsed_http.h"

namespace rp {
namespace {

struct Vector {
  std::string stream;
  Said said;
};

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kChunked =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

const std::vector<Vector> kVectors = {
    {"", {}},
    {"\r\n", {}},
    {kGet, {"GET / HTTP/1.1 {Host: a}", "end"}},
    {"\r\n" + kGet + "\r\n" + kGet,
     {"GET / HTTP/1.1 {Host: a}", "end", "GET / HTTP/1.1 {Host: a}", "end"}},
    {"GET /x?y=%20&z HTTP/1.0\r\n\r\n", {"GET /x?y=%20&z HTTP/1.0 {}", "end"}},
    {"GET / HTTP/1.9\r\nHost:a:80\r\n\r\n",
     {"GET / HTTP/1.1 {Host: a:80}", "end"}},
    {"GET http://a/x HTTP/1.1\r\nHOST:\t A \t\r\n\r\n",
     {"GET http://a/x HTTP/1.1 {HOST: A}", "end"}},
    {"OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
     {"OPTIONS * HTTP/1.1 {Host: [::1]:80}", "end"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \tb  c\t\r\nX: \xc3\xa9\r\n\r\n",
     {"GET / HTTP/1.1 {Host: a, X: , Y: b  c, X: \xc3\xa9}", "end"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
     {"POST / HTTP/1.1 {Host: a, Content-Length: 5}", "body hello", "end"}},
    {"POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 2\r\n\r\nhi",
     {"POST / HTTP/1.1 {Host: a, content-length: 2}", "body hi", "end"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
     {"POST / HTTP/1.1 {Host: a, Content-Length: 0}", "end"}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\n"
     "content-length: 02\r\n\r\n\r\n",
     {"POST / HTTP/1.1 {Host: a, Content-Length: 2, 2, content-length: 02}",
      "body \r\n", "end"}},
    {kChunked + "5\r\nhello\r\n0\r\n\r\n",
     {"POST / HTTP/1.1 {Host: a, Transfer-Encoding: chunked}", "body hello",
      "end"}},
    {kChunked + "0\r\n\r\n" + kGet,
     {"POST / HTTP/1.1 {Host: a, Transfer-Encoding: chunked}", "end",
      "GET / HTTP/1.1 {Host: a}", "end"}},
    {kChunked +
         "00a;x=\"y\"\r\n0123456789\r\n1 ;q\r\n!\r\n000\r\nT: v\r\n\r\n" + kGet,
     {"POST / HTTP/1.1 {Host: a, Transfer-Encoding: chunked}",
      "body 0123456789!", "end {T: v}", "GET / HTTP/1.1 {Host: a}", "end"}},
    {kGet + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + kGet,
     {"GET / HTTP/1.1 {Host: a}", "end",
      "POST / HTTP/1.1 {Host: a, Content-Length: 1}", "body x", "end",
      "GET / HTTP/1.1 {Host: a}", "end"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + kGet,
     {"GET / HTTP/1.1 {Host: a, Connection: close}", "end"}},
    {"GET / HTTP/1.0\r\n\r\n" + kGet, {"GET / HTTP/1.0 {}", "end"}},
    {kGet + "GET /\r\n", {"GET / HTTP/1.1 {Host: a}", "end", "error 400"}},
    {kChunked + "2\r\nhix\r\n",
     {"POST / HTTP/1.1 {Host: a, Transfer-Encoding: chunked}", "body hi",
      "error 400"}},
    {"GET / HTTP/1.1\r\nHost: a\r\nX: 1", {}},
    {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf",
     {"POST / HTTP/1.1 {Host: a, Content-Length: 9}", "body half"}},
};

TEST(HttpRequestParser, ReadsRequests) {
  for (const auto& [stream, said] : kVectors) {
    EXPECT_EQ(requests_in({stream}), said) << stream;
  }
}

TEST(HttpRequestParser, ReadsTheSameByteByByte) {
  for (const auto& [stream, said] : kVectors) {
    EXPECT_EQ(requests_in(byte_by_byte(stream)), said) << stream;
  }
}

TEST(HttpRequestParser, ReadsTheSameCutAtEveryPlace) {
  for (const auto& [stream, said] : kVectors) {
    for (const Pieces& pieces : cut_everywhere(stream)) {
      ASSERT_EQ(requests_in(pieces), said) << pieces[0] << "|" << pieces[1];
    }
  }
}

TEST(HttpRequestParser, ReadsTheSameAroundAPause) {
  for (const auto& [stream, said] : kVectors) {
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
      for (int asked = 0; asked <= 3; ++asked) {
        ASSERT_EQ(requests_around_a_pause(stream, cut, asked), said)
            << stream << " " << cut << " " << asked;
      }
    }
  }
}

// Reads up to the head of the one request in `stream`.
void read_head(HttpRequestParser& parser, std::string_view stream) {
  parser.feed(stream);
  ASSERT_EQ(parser.next().kind, HttpEvent::kHead) << stream;
}

TEST(HttpRequestParser, TellsWhetherTheConnectionIsKept) {
  const auto kept = [](const std::string& version, const std::string& fields) {
    HttpRequestParser parser;
    const std::string stream = "GET / HTTP/" + version + fields + "\r\n\r\n";
    read_head(parser, stream);
    return parser.keeps_alive();
  };
  EXPECT_TRUE(kept("1.1", "\r\nHost: a"));
  EXPECT_TRUE(kept("1.1", "\r\nHost: a\r\nConnection: closed, x"));
  EXPECT_FALSE(kept("1.1", "\r\nHost: a\r\nConnection: x ,\tCLOSE"));
  EXPECT_FALSE(
      kept("1.1", "\r\nHost: a\r\nConnection: x\r\nconnection: close"));
  EXPECT_FALSE(kept("1.0", ""));
  EXPECT_TRUE(kept("1.0", "\r\nConnection: Keep-Alive"));
  EXPECT_FALSE(kept("1.0", "\r\nConnection: keep-alive, close"));
}

TEST(HttpRequestParser, TellsWhatBodyFollows) {
  const auto length = [](const std::string& field) -> std::string {
    HttpRequestParser parser;
    const std::string stream =
        "PUT / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n\r\n";
    read_head(parser, stream);
    if (!parser.body_length()) return "unknown";
    return (parser.has_body() ? "body " : "none ") +
           std::to_string(*parser.body_length());
  };
  EXPECT_EQ(length("X: y"), "none 0");
  EXPECT_EQ(length("Content-Length: 0"), "body 0");
  EXPECT_EQ(length("Content-Length: 4000000"), "body 4000000");
  EXPECT_EQ(length("Transfer-Encoding: Chunked"), "unknown");
}

TEST(HttpRequestParser, TellsWhoWaitsForAContinue) {
  const auto expects = [](const std::string& version,
                          const std::string& fields) {
    HttpRequestParser parser;
    const std::string stream =
        "PUT / HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n\r\n";
    read_head(parser, stream);
    return parser.expects_continue();
  };
  const std::string expect = "Expect: 100-Continue\r\n";
  EXPECT_TRUE(expects("1.1", expect + "Content-Length: 1"));
  EXPECT_TRUE(expects("1.1", expect + "Transfer-Encoding: chunked"));
  EXPECT_FALSE(expects("1.1", expect + "Content-Length: 0"));
  EXPECT_FALSE(expects("1.1", expect + "X: y"));
  EXPECT_FALSE(expects("1.1", "Content-Length: 1"));
  EXPECT_FALSE(expects("1.0", expect + "Content-Length: 1"));
  EXPECT_FALSE(expects("1.0", "Expect: more\r\nContent-Length: 1"));
}

TEST(HttpRequestParser, ForgetsAnExpectationWithItsRequest) {
  HttpRequestParser parser;
  const std::string first =
      "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
      "Content-Length: 1\r\n\r\nx";
  const std::string both = first + kGet;
  read_head(parser, both);
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.next().kind, HttpEvent::kBody);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_FALSE(parser.expects_continue());
  EXPECT_FALSE(parser.has_body());
}

TEST(HttpRequestParser, SaysWhetherARequestHasBegun) {
  HttpRequestParser parser;
  const auto after = [&](std::string_view bytes) {
    parser.feed(bytes);
    while (parser.next().kind != HttpEvent::kNothingYet) {
    }
    return parser.partial();
  };
  EXPECT_FALSE(after(""));
  EXPECT_FALSE(after("\r\n"));
  EXPECT_TRUE(after("P"));
  EXPECT_TRUE(after("UT / HTTP/1.1\r\n"));
  EXPECT_TRUE(after("Host: a\r\nContent-Length: 2\r\n\r\n"));
  EXPECT_TRUE(after("x"));
  EXPECT_FALSE(after("x"));
  EXPECT_TRUE(after(kGet + "G"));
}

TEST(HttpRequestParser, LeavesWhatFollowsAnUpgrade) {
  HttpRequestParser parser;
  const std::string stream = kGet + "other words";
  read_head(parser, stream);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.rest(), "other words");
}

TEST(HttpRequestParser, GivesItsRequestAway) {
  HttpRequestParser parser;
  const std::string stream =
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
      "Content-Length: 2\r\n\r\nhi";
  read_head(parser, stream);
  const HttpRequest request = std::move(parser.request());
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(parser.next().bytes, "hi");
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_FALSE(parser.keeps_alive());
}

TEST(HttpRequestParser, LendsABodyAsItStands) {
  HttpRequestParser parser;
  const std::string head =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n";
  const std::string stream = head + std::string(100, 'x');
  read_head(parser, stream);
  Allocations allocations;
  const HttpEvent event = parser.next();
  EXPECT_EQ(event.bytes.data(), stream.data() + head.size());
  EXPECT_EQ(event.bytes.size(), 100u);
  EXPECT_EQ(allocations.made(), 0u);
}

TEST(HttpRequestParser, HoldsNoMemoryBetweenTwoRequests) {
  const std::string stream =
      "POST / HTTP/1.1\r\nHost: a\r\nX: " + std::string(200, 'x') +
      "\r\nContent-Length: 1\r\n\r\nx";
  Allocations allocations;
  HttpRequestParser parser;
  for (const char& c : stream) {
    parser.feed({&c, 1});
    if (parser.next().kind == HttpEvent::kHead) {
      const HttpRequest request = std::move(parser.request());
    }
  }
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.next().kind, HttpEvent::kNothingYet);
  EXPECT_FALSE(parser.partial());
  EXPECT_EQ(parser.held(), 0u);
  EXPECT_EQ(allocations.held(), 0);
}

TEST(HttpRequestParser, NeverHoldsMoreThanItsHeadMayHave) {
  HttpRequestParser parser({.head = 1000});
  const std::string piece(7, 'x');
  for (int i = 0; i < 1000 / 7; ++i) {
    parser.feed(piece);
    EXPECT_EQ(parser.next().kind, HttpEvent::kNothingYet);
    EXPECT_LE(parser.held(), 1000u);
  }
  parser.feed(piece);
  EXPECT_EQ(parser.next().status, 414);
  EXPECT_EQ(parser.held(), 0u);
}

TEST(HttpRequestParser, SaysItsErrorForEver) {
  HttpRequestParser parser;
  const std::string stream = "GET\r\n" + kGet;
  parser.feed(stream);
  EXPECT_EQ(parser.next().status, 400);
  parser.feed(kGet);
  const HttpEvent again = parser.next();
  EXPECT_EQ(again.kind, HttpEvent::kError);
  EXPECT_EQ(again.status, 400);
  EXPECT_EQ(again.what, "not a request line");
  EXPECT_FALSE(parser.partial());
  EXPECT_FALSE(parser.keeps_alive());
  EXPECT_EQ(parser.held(), 0u);
}

TEST(HttpRequestParser, ForgetsWhatComesAfterTheLastRequest) {
  HttpRequestParser parser;
  parser.feed("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  for (int i = 0; i < 3; ++i) {
    parser.feed(kGet);
    parser.keep();
    EXPECT_EQ(parser.next().kind, HttpEvent::kNothingYet);
  }
  EXPECT_EQ(parser.held(), 0u);
}

}  // namespace
}  // namespace rp
