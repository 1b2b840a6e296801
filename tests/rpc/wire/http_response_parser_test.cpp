#include "rpc/wire/http_response_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/parsed_http.h"

namespace rp {
namespace {

struct Vector {
  std::string stream;
  std::string method;
  bool ends;
  Said said;
};

const std::string kOk = "HTTP/1.1 200 OK\r\n";

const std::vector<Vector> kVectors = {
    {"", "GET", true, {}},
    {kOk + "Content-Length: 2\r\n\r\nhi",
     "GET",
     false,
     {"200 {Content-Length: 2}", "body hi", "end"}},
    {kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: v\r\n\r\n",
     "POST",
     true,
     {"200 {Transfer-Encoding: chunked}", "body hi", "end {T: v}"}},
    {kOk + "\r\nto the end", "GET", true, {"200 {}", "body to the end", "end"}},
    {kOk + "\r\nto the end", "GET", false, {"200 {}", "body to the end"}},
    {kOk + "\r\n", "GET", true, {"200 {}", "end"}},
    {kOk + "Content-Length: 9\r\n\r\n" + kOk + "Content-Length: 0\r\n\r\n",
     "HEAD",
     true,
     {"200 {Content-Length: 9}", "end", "200 {Content-Length: 0}", "end"}},
    {"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 \r\nETag: x\r\n\r\n",
     "GET",
     true,
     {"204 {}", "end", "304 {ETag: x}", "end"}},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103\r\nA: b\r\n\r\n" + kOk +
         "Content-Length: 3\r\n\r\n",
     "HEAD",
     true,
     {"100 {}", "end", "103 {A: b}", "end", "200 {Content-Length: 3}", "end"}},
    {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nother words",
     "GET",
     true,
     {"101 {Upgrade: x}", "end"}},
    {"HTTP/1.0 404 Not Found\r\nContent-Length: 1\r\n\r\nx" + kOk,
     "GET",
     true,
     {"404 {Content-Length: 1}", "body x", "end"}},
    {kOk + "Content-Le", "GET", true, {"error 502"}},
    {"HTT", "GET", true, {"error 502"}},
    {kOk + "Content-Length: 3\r\n\r\nhi",
     "GET",
     true,
     {"200 {Content-Length: 3}", "body hi", "error 502"}},
    {kOk + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n",
     "GET",
     true,
     {"200 {Transfer-Encoding: chunked}", "body hi", "error 502"}},
};

Said said_of(const Vector& v, const Pieces& pieces) {
  return responses_in(pieces, v.method, v.ends);
}

TEST(HttpResponseParser, ReadsResponses) {
  for (const Vector& v : kVectors) {
    EXPECT_EQ(said_of(v, {v.stream}), v.said) << v.stream;
  }
}

TEST(HttpResponseParser, ReadsTheSameByteByByte) {
  for (const Vector& v : kVectors) {
    EXPECT_EQ(said_of(v, byte_by_byte(v.stream)), v.said) << v.stream;
  }
}

TEST(HttpResponseParser, ReadsTheSameCutAtEveryPlace) {
  for (const Vector& v : kVectors) {
    for (const Pieces& pieces : cut_everywhere(v.stream)) {
      ASSERT_EQ(said_of(v, pieces), v.said) << pieces[0] << "|" << pieces[1];
    }
  }
}

// Whether a response that begins so is refused, whole and byte by byte.
bool refuses(const std::string& head) {
  const std::string stream = head + "\r\n\r\n";
  const Said refused = {"error 502"};
  return responses_in({stream}) == refused &&
         responses_in(byte_by_byte(stream)) == refused;
}

TEST(HttpResponseParser, RefusesWhatIsNoStatusLine) {
  for (const char* line :
       {"HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK",
        "HTTP/1.1  200 OK", "HTTP/1.1 -10 OK", "HTTP/1.1 099 x",
        "HTTP/1.1 600 x", "HTTP/2.0 200 OK", "http/1.1 200 OK", "{}"}) {
    EXPECT_TRUE(refuses(line)) << line;
  }
}

TEST(HttpResponseParser, RefusesLinesThatEndInTwoWays) {
  EXPECT_TRUE(refuses("HTTP/1.1 200 OK\nX: y"));
  EXPECT_TRUE(refuses("HTTP/1.1 200 O\rK"));
}

TEST(HttpResponseParser, RefusesTwoLengthsThatDiffer) {
  EXPECT_TRUE(refuses(kOk + "Content-Length: 1\r\nContent-Length: 2"));
}

TEST(HttpResponseParser, RefusesBodiesWhoseEndIsNotSure) {
  EXPECT_TRUE(refuses(kOk + "Content-Length: 1\r\n"
                            "Transfer-Encoding: chunked"));
  EXPECT_TRUE(refuses(kOk + "Transfer-Encoding: gzip"));
  EXPECT_TRUE(refuses("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked"));
  EXPECT_TRUE(refuses(kOk + "X : y"));
}

TEST(HttpResponseParser, RefusesABodyWithoutALengthBeyondItsLimit) {
  const HttpLimits limits = {.body = 10};
  const auto said = [&](const Pieces& pieces) {
    return responses_in(pieces, "GET", true, limits);
  };
  EXPECT_EQ(said({kOk + "\r\n0123456789"}),
            (Said{"200 {}", "body 0123456789", "end"}));
  const std::string longer = kOk + "\r\n0123456789x";
  const Said refused = {"200 {}", "body 0123456789", "error 502"};
  EXPECT_EQ(said({longer}), refused);
  EXPECT_EQ(said(byte_by_byte(longer)), refused);
}

TEST(HttpResponseParser, RefusesABodyWithALengthBeyondItsLimit) {
  const HttpLimits limits = {.body = 10};
  const std::string head = kOk + "Content-Length: 11\r\n\r\n";
  EXPECT_EQ(responses_in({head}, "GET", false, limits).back(), "error 502");
  EXPECT_EQ(responses_in({head}, "HEAD", false, limits).back(), "end");
}

TEST(HttpResponseParser, TellsWhetherTheConnectionIsKept) {
  const auto kept = [](const std::string& head) {
    HttpResponseParser parser;
    const std::string stream = head + "\r\n\r\n";
    parser.feed(stream);
    EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
    return parser.keeps_alive();
  };
  EXPECT_TRUE(kept("HTTP/1.1 200 OK\r\nContent-Length: 0"));
  EXPECT_TRUE(kept("HTTP/1.1 204 No Content"));
  EXPECT_FALSE(
      kept("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close"));
  EXPECT_FALSE(kept("HTTP/1.0 200 OK\r\nContent-Length: 0"));
  EXPECT_TRUE(
      kept("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive"));
  EXPECT_FALSE(kept("HTTP/1.1 200 OK"));
  EXPECT_TRUE(kept("HTTP/1.0 100 Continue")) << "the final one follows";
  EXPECT_FALSE(kept("HTTP/1.1 101 Switching Protocols"));
}

TEST(HttpResponseParser, LeavesWhatFollowsAnUpgrade) {
  HttpResponseParser parser;
  parser.feed("HTTP/1.1 101 Switching Protocols\r\n\r\nother words");
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.next().kind, HttpEvent::kNothingYet);
  EXPECT_EQ(parser.rest(), "other words");
}

TEST(HttpResponseParser, TakesOneMethodForOneResponse) {
  const std::string response = kOk + "Content-Length: 1\r\n\r\n";
  const std::string stream = response + response + "x";
  HttpResponseParser parser;
  parser.feed(stream);
  parser.expect("HEAD");
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_EQ(parser.next().kind, HttpEvent::kEnd);
  EXPECT_EQ(parser.next().kind, HttpEvent::kHead);
  EXPECT_EQ(parser.next().bytes, "x");
}

}  // namespace
}  // namespace rp
