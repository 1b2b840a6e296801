#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "rpc/wire/http_request_parser.h"
#include "tests/support/parsed_http.h"

namespace rp {
namespace {

std::string of_line(const std::string& line) {
  return last_said(line + "\r\nHost: a\r\n\r\n");
}

std::string of_fields(const std::string& fields) {
  return last_said("POST / HTTP/1.1\r\n" + fields + "\r\n\r\n");
}

std::string of_chunks(const std::string& chunks) {
  return last_said(
      "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
      chunks);
}

// Parted by '|', for a list that is short to read.
Pieces parted(const std::string& list) {
  Pieces pieces;
  std::istringstream stream(list);
  for (std::string piece; std::getline(stream, piece, '|');) {
    pieces.push_back(piece);
  }
  return pieces;
}

TEST(HttpRequestParserRefuses, FirstLinesOfAnotherForm) {
  for (const std::string& line :
       parted("GET|GET /|GET / |GET  / HTTP/1.1|GET /  HTTP/1.1|"
              "GET / HTTP/1.1 | GET / HTTP/1.1|GET / x HTTP/1.1|"
              "GET\t/\tHTTP/1.1|G(T / HTTP/1.1|GET / http/1.1|GET / HTTP/1|"
              "GET / HTTP/1.|GET / HTTP/1.10|GET / HTTP/01.1|GET / HTTP/1,1|"
              "GET / XTTP/1.1|GET / HTTP/a.1|\x16\x03\x01|{\"id\":1}")) {
    EXPECT_EQ(of_line(line), "error 400") << line;
  }
}

TEST(HttpRequestParserRefuses, ASecondEmptyLineBeforeARequest) {
  const std::string get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  EXPECT_EQ(last_said("\r\n" + get + "\r\n" + get), "end");
  EXPECT_EQ(last_said("\r\n\r\n"), "error 400");
  EXPECT_EQ(last_said(get + "\r\n\r\n"), "error 400");
}

TEST(HttpRequestParserRefuses, TargetsThatAreNeitherPathNorUri) {
  for (const char* target :
       {"*", "x", "x/y", "http:/a/", "http://", "http:///x", "ftp://a/",
        "http://u@a/", "https://a/", "/#x", "/\xc3\xa9", "http://b/",
        "//\x01"}) {
    EXPECT_EQ(of_line("GET " + std::string(target) + " HTTP/1.1"), "error 400")
        << target;
  }
  EXPECT_EQ(of_line("GET HTTP://A/ HTTP/1.1"), "end");
  EXPECT_EQ(of_line("GET //x HTTP/1.1"), "end");
}

TEST(HttpRequestParserRefuses, OtherMajorVersions) {
  EXPECT_EQ(of_line("GET / HTTP/2.0"), "error 505");
  EXPECT_EQ(of_line("GET / HTTP/0.9"), "error 505");
  EXPECT_EQ(of_line("PRI * HTTP/2.0"), "error 505");
}

TEST(HttpRequestParserRefuses, Tunnels) {
  EXPECT_EQ(of_line("CONNECT a:443 HTTP/1.1"), "error 501");
}

TEST(HttpRequestParserRefuses, LinesThatEndInTwoWays) {
  for (const char* stream :
       {"GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\n", "\nGET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ: z\r\n\r\n",
        "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "\r\r\n\r\n"}) {
    EXPECT_EQ(last_said(stream), "error 400") << stream;
  }
}

TEST(HttpRequestParserRefuses, ControlCharacters) {
  for (const char c : {'\0', '\x01', '\x08', '\x0b', '\x1f', '\x7f'}) {
    const std::string control(1, c);
    EXPECT_EQ(of_fields("Host: a\r\nX: y" + control), "error 400") << int(c);
    EXPECT_EQ(of_fields("Host: a\r\nX" + control + ": y"), "error 400");
    EXPECT_EQ(of_line("GET /" + control + " HTTP/1.1"), "error 400");
    EXPECT_EQ(of_chunks("1;" + control + "\r\nx\r\n"), "error 400");
  }
}

TEST(HttpRequestParserRefuses, FieldsOfAnotherForm) {
  for (const char* field :
       {"X : y", "X\t: y", ": y", "X", "X y: z", "X: y\r\n folded",
        "X: y\r\n\tfolded", "X: y\r\n ", "X[]: y", "\xc3\xa9: y"}) {
    EXPECT_EQ(of_fields("Host: a\r\n" + std::string(field)), "error 400")
        << field;
  }
  EXPECT_EQ(of_fields(" Host: a"), "error 400");
}

TEST(HttpRequestParserRefuses, HostsThatAreMissingDoubleOrNone) {
  for (const char* fields :
       {"X: y", "Host: a\r\nHost: a", "Host: a\r\nX: y\r\nhost: b", "Host:",
        "Host: a b", "Host: a, b", "Host: a/b", "Host: u@a", "Host: a\\b",
        "Host: :1", "Host: a:b", "Host: a:1:1", "Host: ::1", "Host: a[::1]",
        "Host: [::1", "Host: ::1]", "Host: [::1]x", "Host: []", "Host: ["}) {
    EXPECT_EQ(of_fields(fields), "error 400") << fields;
  }
  EXPECT_EQ(last_said("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"),
            "error 400");
}

TEST(HttpRequestParserRefuses, LengthsThatAreNoNumberOrDiffer) {
  for (const char* length :
       {"", "+1", "-1", " 1 2", "1 2", "0x1", "1a", "1.0", "1,", ",1", "1,2",
        "1\r\nContent-Length: 2",
        "1\r\nContent-Length:", "2\r\nContent-Length: 1, 1"}) {
    EXPECT_EQ(of_fields("Host: a\r\nContent-Length: " + std::string(length)),
              "error 400")
        << length;
  }
  for (const char* length : {"18446744073709551615", "18446744073709551616",
                             "99999999999999999999999"}) {
    EXPECT_EQ(of_fields("Host: a\r\nContent-Length: " + std::string(length)),
              "error 413");
  }
}

TEST(HttpRequestParserRefuses, LengthsBesideATransferCoding) {
  EXPECT_EQ(of_fields("Host: a\r\nContent-Length: 1\r\n"
                      "Transfer-Encoding: chunked"),
            "error 400");
  EXPECT_EQ(of_fields("Host: a\r\nTransfer-Encoding: chunked\r\n"
                      "Content-Length: 0"),
            "error 400");
  EXPECT_EQ(last_said("PUT / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
            "error 400");
}

TEST(HttpRequestParserRefuses, TransferCodingsItDoesNotKnow) {
  const auto of_coding = [](const std::string& coding) {
    return of_fields("Host: a\r\nTransfer-Encoding: " + coding);
  };
  for (const char* coding :
       {"", "gzip", "identity", "xchunked", "chunked, gzip", "chunked, chunked",
        "chunked\r\nTransfer-Encoding: chunked", "chunked,", ",chunked",
        "gzip,, chunked", "\r\nTransfer-Encoding: chunked", "chunked;x",
        "chunked\r\nTransfer-Encoding: identity"}) {
    EXPECT_EQ(of_coding(coding), "error 400") << coding;
  }
  EXPECT_EQ(of_coding("gzip, chunked"), "error 501");
  EXPECT_EQ(of_coding("gzip\r\nTransfer-Encoding: chunked"), "error 501");
}

TEST(HttpRequestParserRefuses, ChunksOfAnotherForm) {
  for (const char* chunks :
       {"\r\n", "x\r\n", "-1\r\n", "+1\r\nx", " 1\r\nx", "1 \r\nx", "0x1\r\nx",
        "1 2\r\nx", "10000000000000000\r\n", "ffffffffffffffffff\r\n",
        "1,\r\nx", "g\r\n"}) {
    EXPECT_EQ(of_chunks(chunks), "error 400") << chunks;
  }
}

TEST(HttpRequestParserRefuses, ChunksThatAreNotAsLongAsTheySay) {
  EXPECT_EQ(of_chunks("1\r\nxy\r\n"), "error 400");
  EXPECT_EQ(of_chunks("1\r\nx0\r\n\r\n"), "error 400");
}

TEST(HttpRequestParserRefuses, ChunksWhoseLinesEndInTwoWays) {
  for (const char* chunks : {"1\nx", "1\r\nx\n", "2\r\nx\r\n0\r\n\r\n",
                             "0\r\n\n", "1;a\rb\r\nx", "0\r\nT: x\n\r\n"}) {
    EXPECT_EQ(of_chunks(chunks), "error 400") << chunks;
  }
}

TEST(HttpRequestParserRefuses, TrailersOfAnotherForm) {
  EXPECT_EQ(of_chunks("0\r\nT : x\r\n\r\n"), "error 400");
  EXPECT_EQ(of_chunks("0\r\n folded\r\n\r\n"), "error 400");
}

// A proxy that puts trailers among the fields would read the next body as
// they say, and we would not.
TEST(HttpRequestParserRefuses, TrailersThatFrameABody) {
  EXPECT_EQ(of_chunks("0\r\nContent-Length: 4\r\n\r\n"), "error 400");
  EXPECT_EQ(of_chunks("0\r\nt: x\r\ntransfer-encoding: chunked\r\n\r\n"),
            "error 400");
  EXPECT_EQ(of_chunks("0\r\nContent-Lengths: 4\r\n\r\n"),
            "end {Content-Lengths: 4}");
}

TEST(HttpRequestParserRefuses, ExpectationsItDoesNotKnow) {
  EXPECT_EQ(of_fields("Host: a\r\nExpect: 200-ok"), "error 417");
  EXPECT_EQ(of_fields("Host: a\r\nExpect: 100-continue, x"), "error 417");
}

}  // namespace
}  // namespace rp
