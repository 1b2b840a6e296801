#include "rpc/wire/websocket_handshake.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace rp {
namespace {

constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

HttpRequest good() { return handshake_request("localhost:80", "/chat", kKey); }

HttpResponse good_answer() { return answer_handshake(good()); }

void set(HttpFields& fields, std::string_view name, std::string value) {
  std::find_if(fields.begin(), fields.end(), [name](const auto& field) {
    return field.first == name;
  })->second = std::move(value);
}

int status_with(std::string_view name, std::string value) {
  HttpRequest request = good();
  set(request.fields, name, std::move(value));
  return answer_handshake(request).status;
}

TEST(Handshake, AcceptsTheKeyOfTheRfc) {
  EXPECT_EQ(websocket_accept(kKey), kAccept);
}

TEST(Handshake, IsAskedForAndAnswered) {
  const HttpResponse answer = good_answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(*answer.field("Upgrade"), "websocket");
  EXPECT_EQ(*answer.field("Connection"), "Upgrade");
  EXPECT_EQ(*answer.field("Sec-WebSocket-Accept"), kAccept);
  EXPECT_EQ(handshake_fault(answer, kKey), "");
}

TEST(Handshake, TakesTokensAmongOthersWhateverTheirCase) {
  EXPECT_EQ(status_with("Connection", "keep-alive, UPGRADE"), 101);
  EXPECT_EQ(status_with("Upgrade", "h2c, WebSocket"), 101);
}

TEST(Handshake, TakesUpNoExtension) {
  HttpRequest request = good();
  request.fields.emplace_back("Sec-WebSocket-Extensions", "permessage-deflate");
  request.fields.emplace_back("Sec-WebSocket-Protocol", "chat");
  const HttpResponse answer = answer_handshake(request);
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.field("Sec-WebSocket-Extensions"), nullptr);
  EXPECT_EQ(answer.field("Sec-WebSocket-Protocol"), nullptr);
}

TEST(Handshake, SaysWhatIsNeededToOneWhoDoesNotUpgrade) {
  HttpRequest request = good();
  set(request.fields, "Connection", "keep-alive");
  const HttpResponse answer = answer_handshake(request);
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(*answer.field("Upgrade"), "websocket");
  EXPECT_EQ(status_with("Upgrade", "h2c"), 426);
}

TEST(Handshake, SaysWhichVersionItSpeaks) {
  HttpRequest request = good();
  set(request.fields, "Sec-WebSocket-Version", "8");
  const HttpResponse answer = answer_handshake(request);
  EXPECT_EQ(answer.status, 426);
  EXPECT_EQ(*answer.field("Sec-WebSocket-Version"), "13");
}

TEST(Handshake, RefusesTwoVersionsAndNone) {
  for (const char* second : {"8", "13"}) {
    HttpRequest request = good();
    request.fields.emplace_back("sec-websocket-version", second);
    EXPECT_EQ(answer_handshake(request).status, 426) << second;
  }
  HttpRequest none = good();
  std::erase_if(none.fields, [](const auto& field) {
    return field.first == "Sec-WebSocket-Version";
  });
  EXPECT_EQ(answer_handshake(none).status, 426);
}

TEST(Handshake, RefusesWhatIsNoGetOfHttp11) {
  HttpRequest post = good();
  post.method = "POST";
  EXPECT_EQ(answer_handshake(post).status, 400);
  HttpRequest old = good();
  old.minor = 0;
  EXPECT_EQ(answer_handshake(old).status, 400);
}

TEST(Handshake, RefusesAKeyThatIsNot16Bytes) {
  EXPECT_EQ(status_with("Sec-WebSocket-Key", ""), 400);
  EXPECT_EQ(status_with("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAA"), 400);
  EXPECT_EQ(status_with("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA="), 400);
  EXPECT_EQ(status_with("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ"), 400);
}

TEST(Handshake, RefusesTwoKeys) {
  HttpRequest request = good();
  request.fields.emplace_back("sec-websocket-key", kKey);
  EXPECT_EQ(answer_handshake(request).status, 400);
}

TEST(HandshakeFault, TellsWhatElseTheServerAnswered) {
  EXPECT_EQ(handshake_fault({.status = 404}, kKey),
            "the server answered 404 Not Found");
}

TEST(HandshakeFault, IsAnAcceptOfAnotherKey) {
  EXPECT_EQ(handshake_fault(good_answer(), "AAAAAAAAAAAAAAAAAAAAAA=="),
            "the server's Sec-WebSocket-Accept is wrong");
  HttpResponse twice = good_answer();
  twice.fields.emplace_back("Sec-WebSocket-Accept", kAccept);
  EXPECT_EQ(handshake_fault(twice, kKey),
            "the server's Sec-WebSocket-Accept is wrong");
}

TEST(HandshakeFault, IsAnotherProtocol) {
  for (const char* protocol : {"h2c", "websocket, h2c", "h2c, websocket"}) {
    HttpResponse answer = good_answer();
    set(answer.fields, "Upgrade", protocol);
    EXPECT_EQ(handshake_fault(answer, kKey), "the server did not upgrade")
        << protocol;
  }
  HttpResponse both = good_answer();
  both.fields.emplace_back("Upgrade", "h2c");
  EXPECT_EQ(handshake_fault(both, kKey), "the server did not upgrade");
}

TEST(HandshakeFault, IsWhatWasNotOffered) {
  for (const char* name :
       {"Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol"}) {
    HttpResponse answer = good_answer();
    answer.fields.emplace_back(name, "x");
    EXPECT_EQ(handshake_fault(answer, kKey),
              "the server takes up what was not offered");
  }
}

}  // namespace
}  // namespace rp
