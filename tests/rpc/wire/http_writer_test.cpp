#include "rpc/wire/http_writer.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "tests/support/parsed_http.h"

namespace rp {
namespace {

std::string written(const HttpResponse& response,
                    const HttpWriting& writing = {}) {
  std::string out;
  write_response(out, response, writing);
  return out;
}

std::string written_head(std::optional<std::uint64_t> length,
                         const HttpWriting& writing = {}, int status = 200) {
  std::string out;
  write_response_head(out, {.status = status}, length, writing);
  return out;
}

std::string asked(const HttpRequest& request) {
  std::string out;
  write_request(out, request);
  return out;
}

TEST(HttpWriter, WritesAResponse) {
  EXPECT_EQ(written({.fields = {{"Content-Type", "text/plain"}},
                     .body = "Hello, World!"}),
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain\r\n"
            "Content-Length: 13\r\n\r\nHello, World!");
}

TEST(HttpWriter, WritesBehindWhatIsThere) {
  std::string out = "before";
  write_response(out, {.status = 404});
  EXPECT_EQ(out, "beforeHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpWriter, TellsWhetherTheConnectionIsKept) {
  const std::string end = "Content-Length: 0\r\n\r\n";
  EXPECT_EQ(written({}, {.keep_alive = false}),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n" + end);
  EXPECT_EQ(written({}, {.minor = 0}),
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" + end);
  EXPECT_EQ(written({}, {.keep_alive = false, .minor = 0}),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n" + end);
}

TEST(HttpWriter, WritesADateItIsGiven) {
  EXPECT_EQ(written({}, {.date = "today"}),
            "HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpWriter, AddsNoDateAndNoCloseToFieldsThatHaveThem) {
  const HttpWriting writing = {.keep_alive = false, .date = "today"};
  EXPECT_EQ(
      written({.fields = {{"date", "once"}, {"connection", "Close"}}}, writing),
      "HTTP/1.1 200 OK\r\ndate: once\r\nconnection: Close\r\n"
      "Content-Length: 0\r\n\r\n");
}

TEST(HttpWriter, AnswersHeadWithTheLengthOfTheBodyAlone) {
  EXPECT_EQ(written({.body = "Hello"}, {.to_head = true}),
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
}

TEST(HttpWriter, GivesNoBodyToAStatusWithoutOne) {
  EXPECT_EQ(written({.status = 204, .body = "x"}),
            "HTTP/1.1 204 No Content\r\n\r\n");
  EXPECT_EQ(written({.status = 304, .body = "x"}),
            "HTTP/1.1 304 Not Modified\r\n\r\n");
  EXPECT_EQ(written({.status = 101, .fields = {{"Connection", "upgrade"}}}),
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n");
  EXPECT_EQ(written_head({}, {}, 204), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(HttpWriter, WritesAStatusItHasNoWordsFor) {
  EXPECT_EQ(written({.status = 299}),
            "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
}

TEST(HttpWriter, WritesTheHeadOfABodyInPieces) {
  EXPECT_EQ(written_head(5'000'000'000),
            "HTTP/1.1 200 OK\r\nContent-Length: 5000000000\r\n\r\n");
  EXPECT_EQ(written_head({}),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(written_head({}, {.minor = 0}),
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
}

TEST(HttpWriter, WritesChunks) {
  std::string out;
  write_chunk(out, "hello");
  write_chunk(out, "");
  write_chunk(out, std::string(31, 'x'));
  write_last_chunk(out);
  EXPECT_EQ(out,
            "5\r\nhello\r\n1f\r\n" + std::string(31, 'x') + "\r\n0\r\n\r\n");
}

TEST(HttpWriter, WritesTrailers) {
  std::string out;
  write_last_chunk(out, {{"T", "v"}});
  EXPECT_EQ(out, "0\r\nT: v\r\n\r\n");
}

TEST(HttpWriter, WritesARequest) {
  HttpRequest request = {
      .method = "GET", .target = "/x?y", .fields = {{"Host", "a"}}};
  EXPECT_EQ(asked(request), "GET /x?y HTTP/1.1\r\nHost: a\r\n\r\n");
  request.method = "PUT";
  EXPECT_EQ(asked(request),
            "PUT /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  request.body = "hi";
  EXPECT_EQ(asked(request),
            "PUT /x?y HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
}

TEST(HttpWriter, WritesWhatTheParsersRead) {
  std::string out;
  write_request_head(
      out, {.method = "PUT", .target = "/x", .fields = {{"Host", "a"}}}, {});
  write_chunk(out, "one");
  write_chunk(out, "two");
  write_last_chunk(out, {{"T", "v"}});
  EXPECT_EQ(requests_in({out}),
            (Said{"PUT /x HTTP/1.1 {Host: a, Transfer-Encoding: chunked}",
                  "body onetwo", "end {T: v}"}));
  EXPECT_EQ(responses_in({written({.status = 404, .body = "no"})}),
            (Said{"404 {Content-Length: 2}", "body no", "end"}));
}

TEST(HttpWriter, RefusesFieldsThatWouldBeginAnother) {
  for (const HttpFields& fields :
       {HttpFields{{"X", "y\r\nZ: z"}}, HttpFields{{"X", "y\n"}},
        HttpFields{{"X", "y\r"}}, HttpFields{{"X", std::string(1, '\0')}},
        HttpFields{{"X: y\r\nZ", "z"}}, HttpFields{{"X ", "y"}},
        HttpFields{{"", "y"}}, HttpFields{{"Content-Length", "1"}},
        HttpFields{{"transfer-encoding", "chunked"}}}) {
    std::string out = "as it was";
    EXPECT_THROW(write_response(out, {.fields = fields}),
                 std::invalid_argument);
    EXPECT_THROW(write_last_chunk(out, fields), std::invalid_argument);
    EXPECT_EQ(out, "as it was");
  }
}

TEST(HttpWriter, RefusesResponsesThatAreNone) {
  EXPECT_THROW(written({.status = 99}), std::invalid_argument);
  EXPECT_THROW(written({.status = 600}), std::invalid_argument);
  EXPECT_THROW(written({}, {.date = "x\r\ny"}), std::invalid_argument);
}

TEST(HttpWriter, RefusesRequestsThatNobodyWouldRead) {
  const HttpRequest good = {
      .method = "GET", .target = "/", .fields = {{"Host", "a"}}};
  HttpRequest request = good;
  for (const char* method : {"", "G T", "GET /x HTTP/1.1\r\nX:", "CONNECT"}) {
    request.method = method;
    EXPECT_THROW(asked(request), std::invalid_argument) << method;
  }
  request = good;
  for (const char* target : {"", "x", "/a b", "/ HTTP/1.1\r\nX: y", "/#a"}) {
    request.target = target;
    EXPECT_THROW(asked(request), std::invalid_argument) << target;
  }
  request = good;
  for (const HttpFields& fields :
       {HttpFields{}, HttpFields{{"Host", ""}}, HttpFields{{"Host", "a b"}},
        HttpFields{{"Host", "a"}, {"host", "a"}}}) {
    request.fields = fields;
    EXPECT_THROW(asked(request), std::invalid_argument);
  }
  request = good;
  request.target = "http://b/";
  EXPECT_THROW(asked(request), std::invalid_argument);
}

TEST(HttpWriter, WritesTimesAsHttpDoes) {
  using std::chrono::seconds;
  const auto at = [](long long since_1970) {
    return http_date(
        std::chrono::system_clock::time_point(seconds(since_1970)));
  };
  EXPECT_EQ(at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(at(1709251199), "Thu, 29 Feb 2024 23:59:59 GMT");
}

}  // namespace
}  // namespace rp
