#include "rpc/http_answer.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rp {
namespace {

/// The head of an answer to a request, by the test's words.
class HttpAnswerTest : public ::testing::Test {
 protected:
  HttpAnswer begin(const HttpRequest& request, const HttpResponse& head,
                   std::optional<std::uint64_t> length, bool may_go_on = true) {
    HttpAnswer answer(request);
    out_.clear();
    answer.begin(out_, head, length, may_go_on, "");
    return answer;
  }

  bool says(const std::string& line) const {
    return out_.find("\r\n" + line + "\r\n") != std::string::npos;
  }

  std::string out_;
};

TEST_F(HttpAnswerTest, WithALengthTakesSoManyBytesAndNotOneMore) {
  HttpAnswer answer = begin({}, {}, 5);
  EXPECT_TRUE(says("Content-Length: 5"));
  EXPECT_TRUE(answer.count(3));
  EXPECT_FALSE(answer.is_whole());
  EXPECT_TRUE(answer.count(2));
  EXPECT_TRUE(answer.is_whole());
  EXPECT_FALSE(answer.count(1));
  EXPECT_EQ(answer.sent(), 5u);
  EXPECT_TRUE(answer.goes_on());
}

TEST_F(HttpAnswerTest, WithoutALengthIsChunked) {
  HttpAnswer answer = begin({}, {}, {});
  EXPECT_TRUE(says("Transfer-Encoding: chunked"));
  EXPECT_TRUE(answer.is_chunked());
  EXPECT_TRUE(answer.count(1'000'000));
  EXPECT_TRUE(answer.is_whole());
}

TEST_F(HttpAnswerTest, ToHttp10WithoutALengthEndsWithTheConnection) {
  const HttpAnswer answer = begin({.minor = 0}, {}, {});
  EXPECT_TRUE(says("Connection: close"));
  EXPECT_FALSE(answer.is_chunked());
  EXPECT_TRUE(answer.has_body());
  EXPECT_FALSE(answer.goes_on());
}

TEST_F(HttpAnswerTest, ToHttp10WithALengthMayGoOn) {
  EXPECT_TRUE(begin({.minor = 0}, {}, 5).goes_on());
  EXPECT_TRUE(says("Connection: keep-alive"));
}

TEST_F(HttpAnswerTest, ThatMayNotGoOnSaysSo) {
  EXPECT_FALSE(begin({}, {}, 5, false).goes_on());
  EXPECT_TRUE(says("Connection: close"));
}

TEST_F(HttpAnswerTest, WhoseHeadSaysCloseDoesNotGoOn) {
  EXPECT_FALSE(
      begin({}, {.fields = {{"connection", "x, Close"}}}, 5).goes_on());
  EXPECT_FALSE(says("Connection: close")) << "it stands there already";
  EXPECT_TRUE(begin({}, {.fields = {{"Connection", "x"}}}, 5).goes_on());
}

TEST_F(HttpAnswerTest, HasNoBodyToHeadOr204Or304) {
  EXPECT_FALSE(begin({.method = "HEAD"}, {}, 5).has_body());
  EXPECT_TRUE(says("Content-Length: 5"));
  EXPECT_FALSE(begin({}, {.status = 204}, 0).has_body());
  EXPECT_FALSE(says("Content-Length: 0"));
  EXPECT_FALSE(begin({}, {.status = 304}, 0).has_body());
  EXPECT_FALSE(says("Content-Length: 0"));
  EXPECT_TRUE(begin({}, {.status = 404}, 0).has_body());
}

TEST_F(HttpAnswerTest, AHeadThatCannotBeWrittenChangesNothing) {
  HttpAnswer answer;
  std::string out;
  EXPECT_THROW(answer.begin(out, {.fields = {{"A", "b\nC: d"}}}, 5, true, ""),
               std::invalid_argument);
  EXPECT_EQ(answer.status(), 0);
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace rp
