#include "tests/support/http_client_fixture.h"
#include "tests/support/rpc_texts.h"

namespace rp {
namespace {

using Strings = std::vector<std::string>;

class HttpClientAnswersTest : public HttpClientTest {
 protected:
  /// What came of one call that a server answers so, and then ends.
  std::string what_comes_of(const std::string& answer) {
    call_peer();
    ask("add", "[2,3]");
    steps_.until(called())
        .then([&] { peer_.send(answer); })
        .then([&] { peer_.end_input(); })
        .until(came(1));
    return steps_.run() ? came_[0] : "nothing";
  }

  static std::string http(const std::string& body,
                          const std::string& status = "200 OK") {
    return "HTTP/1.1 " + status +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           body;
  }

  std::string what_comes_of_a_refusal(const std::string& body) {
    return what_comes_of(http(body, "421 Misdirected Request"));
  }
};
RP_ON_BOTH_POLLERS(HttpClientAnswersTest);

TEST_P(HttpClientAnswersTest, AnAnswerInChunksBehindAnInterimOne) {
  EXPECT_EQ(what_comes_of("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n"
                          "5\r\n{\"jso\r\n1e\r\n"
                          "nrpc\":\"2.0\",\"result\":5,\"id\":1}\r\n"
                          "0\r\n\r\n"),
            "5");
}

TEST_P(HttpClientAnswersTest, AnAnswerThatEndsWithItsConnection) {
  EXPECT_EQ(what_comes_of("HTTP/1.0 200 OK\r\n\r\n" + result("5")), "5");
}

TEST_P(HttpClientAnswersTest, ACallThatIsNotAnswered) {
  EXPECT_EQ(what_comes_of("HTTP/1.1 204 No Content\r\n\r\n"),
            "-32603 the answer is no JSON");
}

TEST_P(HttpClientAnswersTest, AnAnswerThatIsNoResponse) {
  EXPECT_EQ(what_comes_of(http("[]")), "-32603 the answer is no response");
}

TEST_P(HttpClientAnswersTest, AnAnswerForAnotherCall) {
  EXPECT_EQ(what_comes_of(http(result("5", "2"))),
            "-32603 the answer is for another call");
}

TEST_P(HttpClientAnswersTest, AnErrorThatDoesNotKnowTheCall) {
  EXPECT_EQ(what_comes_of(http(error(kInvalidRequest))),
            "-32600 Invalid Request");
}

TEST_P(HttpClientAnswersTest, ARefusalIsToldWithTheFirstLineOfItsBody) {
  EXPECT_EQ(what_comes_of_a_refusal("no such host\r\nat all\n"),
            "-32603 HTTP 421 Misdirected Request: no such host");
}

TEST_P(HttpClientAnswersTest, ARefusalIsQuotedUpToWhatIsNotVisible) {
  EXPECT_EQ(what_comes_of_a_refusal("a ~\x7f"),
            "-32603 HTTP 421 Misdirected Request: a ~");
}

TEST_P(HttpClientAnswersTest, ARefusalBeyondAsciiIsNotCutWithinACharacter) {
  EXPECT_EQ(what_comes_of_a_refusal("caf\xc3\xa9"),
            "-32603 HTTP 421 Misdirected Request: caf");
}

TEST_P(HttpClientAnswersTest, ALongRefusalIsQuotedInPart) {
  const std::string most(100, 'a');
  EXPECT_EQ(what_comes_of_a_refusal(most + "b"),
            "-32603 HTTP 421 Misdirected Request: " + most);
}

TEST_P(HttpClientAnswersTest, ARefusalWithoutWordsOfItsOwnIsNotToldTwice) {
  EXPECT_EQ(what_comes_of_a_refusal("Misdirected Request\n"),
            "-32603 HTTP 421 Misdirected Request");
}

TEST_P(HttpClientAnswersTest, ARefusalWithoutABody) {
  EXPECT_EQ(what_comes_of_a_refusal(""), "-32603 HTTP 421 Misdirected Request");
}

TEST_P(HttpClientAnswersTest, WhatIsNoHttpIsALostConnection) {
  const std::string came = what_comes_of("{\"jsonrpc\":\"2.0\"}\r\n");
  EXPECT_TRUE(came.starts_with("-32003 connection lost: protocol, ")) << came;
}

TEST_P(HttpClientAnswersTest, AnAnswerThatIsCutIsALostConnection) {
  const std::string answer = http(result("5"));
  const std::string came = what_comes_of(answer.substr(0, answer.size() - 1));
  EXPECT_TRUE(came.starts_with("-32003 connection lost: ")) << came;
}

TEST_P(HttpClientAnswersTest, WhatWasNotAskedForEndsTheConnection) {
  call_peer();
  ask("add", "[2,3]");
  steps_.until(called())
      .then([&] {
        peer_.send(http(result("5", "1")) +
                   "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
      })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Strings{"5"});
}

TEST_P(HttpClientAnswersTest, AnotherProtocolEndsTheConnection) {
  call_peer();
  ask("add", "[2,3]");
  steps_.until(called())
      .then([&] { peer_.send("HTTP/1.1 101 Switching Protocols\r\n\r\n"); })
      .until(peer_.has_ended());
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, Strings{"-32603 HTTP 101 Switching Protocols"});
}

TEST_P(HttpClientAnswersTest, WhatWasNotAskedForIsNotTheNextCallsAnswer) {
  call_peer();
  ask("add", "[2,3]");
  ask("add", "[3,4]");
  LinePeer first;
  steps_.until(called())
      .then([&] {
        peer_.send(http(result("5", "1")) + http(result("9", "2")));
        std::swap(first, peer_);
      })
      .until(called())
      .then([&] { peer_.send(http(result("7", "2"))); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"5", "7"}));
}

TEST_P(HttpClientAnswersTest, WhatComesWhileNobodyWaitsAnswersNobody) {
  call_peer();
  ask("add", "[2,3]");
  LinePeer first;
  steps_.until(called())
      .then([&] { peer_.send(http(result("5", "1"))); })
      .until(came(1))
      .then([&] { peer_.send(http(result("9", "2")).substr(0, 20)); })
      .until(peer_.has_ended())
      .then([&] { std::swap(first, peer_); })
      .then([&] { ask("add", "[3,4]"); })
      .until(called())
      .then([&] { peer_.send(http(result("7", "2"))); })
      .until(came(2));
  ASSERT_TRUE(steps_.run());
  EXPECT_EQ(came_, (Strings{"5", "7"}));
}

}  // namespace
}  // namespace rp
