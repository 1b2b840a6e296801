#include "rpc/wire/websocket.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/websocket_frames.h"

namespace rp {
namespace {

using Lines = std::vector<std::string>;
using namespace std::string_literals;

constexpr auto kServer = WebSocketSide::server;
constexpr auto kClient = WebSocketSide::client;

struct Vector {
  std::string name;
  WebSocketSide side;
  std::string stream;
  Lines events;
};

// The examples of RFC 6455, section 5.7, and what lies between them.
const std::vector<Vector> kVectors = {
    {"Nothing", kServer, "", {}},
    {"RfcUnmaskedText", kClient, "\x81\x05Hello", {"text Hello"}},
    {"RfcMaskedText",
     kServer,
     "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
     {"text Hello"}},
    {"RfcFragments", kClient, "\x01\x03Hel\x80\x02lo", {"text Hello"}},
    {"RfcPing", kClient, "\x89\x05Hello", {"ping Hello"}},
    {"RfcMaskedPong",
     kServer,
     "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
     {"pong Hello"}},
    {"Rfc256Bytes",
     kClient,
     "\x82\x7e\x01\x00"s + std::string(256, 'x'),
     {"binary " + std::string(256, 'x')}},
    {"EmptyText", kServer, client_frame(0x81, ""), {"text "}},
    {"EmptyFragments",
     kServer,
     client_frame(0x01, "") + client_frame(0x00, "") + client_frame(0x80, ""),
     {"text "}},
    {"ControlFramesBetweenFragments",
     kServer,
     client_frame(0x02, "one ") + client_frame(0x89, "p") +
         client_frame(0x00, "two ") + client_frame(0x8a, "q") +
         client_frame(0x80, "three"),
     {"ping p", "pong q", "binary one two three"}},
    {"ACharacterAcrossFragments",
     kServer,
     client_frame(0x01, "k\xc3") + client_frame(0x89, "\xff") +
         client_frame(0x80, "\xb6n"),
     {"ping \xff", "text k\xc3\xb6n"}},
    {"ABrokenCharacterAcrossFragments",
     kServer,
     client_frame(0x01, "k\xc3") + client_frame(0x89, "\xff") +
         client_frame(0x80, "n"),
     {"ping \xff", "error 1007 text that is not UTF-8"}},
    {"BinaryIsNotChecked",
     kServer,
     client_frame(0x82, "\xff\xc0"),
     {"binary \xff\xc0"}},
    {"TextAfterBinary",
     kServer,
     client_frame(0x82, "\xff") + client_frame(0x81, "a"),
     {"binary \xff", "text a"}},
    {"LongestPing",
     kServer,
     client_frame(0x89, std::string(125, 'p')),
     {"ping " + std::string(125, 'p')}},
    {"CloseWithoutCode", kServer, client_frame(0x88, ""), {"close 1005 "}},
    {"CloseWithAReason",
     kServer,
     client_frame(0x88, closing(1000, "bye \xe2\x82\xac")),
     {"close 1000 bye \xe2\x82\xac"}},
    {"NothingAfterAClose",
     kServer,
     client_frame(0x88, closing(1001)) + client_frame(0x81, "x") + "\xff\xff",
     {"close 1001 "}},
    {"AFragmentAfterTheLast",
     kServer,
     client_frame(0x01, "a") + client_frame(0x80, "b") +
         client_frame(0x80, "c"),
     {"text ab", "error 1002 a fragment of no message"}},
    {"CloseWithinAMessage",
     kServer,
     client_frame(0x01, "x") + client_frame(0x88, closing(3000)),
     {"close 3000 "}},
};

class WebSocketVectors : public ::testing::TestWithParam<Vector> {};
INSTANTIATE_TEST_SUITE_P(All, WebSocketVectors, ::testing::ValuesIn(kVectors),
                         [](const auto& test) { return test.param.name; });

TEST_P(WebSocketVectors, AreReadWhole) {
  const auto& [name, side, stream, events] = GetParam();
  EXPECT_EQ(events_of({stream}, side), events);
}

TEST_P(WebSocketVectors, AreReadByteByByte) {
  const auto& [name, side, stream, events] = GetParam();
  EXPECT_EQ(events_of(byte_by_byte(stream), side), events);
}

TEST_P(WebSocketVectors, AreReadCutAtEveryPlace) {
  const auto& [name, side, stream, events] = GetParam();
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const Lines pieces{stream.substr(0, cut), stream.substr(cut)};
    EXPECT_EQ(events_of(pieces, side), events) << "cut at " << cut;
  }
}

TEST(WebSocketParser, ReadsTheExampleOf64KiB) {
  const std::string payload(65536, 'x');
  const std::string stream = "\x82\x7f\0\0\0\0\0\1\0\0"s + payload;
  EXPECT_EQ(events_of({stream}, kClient), Lines{"binary " + payload});
}

TEST(WebSocketParser, TakesAMessageOfExactlyItsLimit) {
  const std::string whole = client_frame(0x81, "12345678");
  const std::string parts =
      client_frame(0x01, "1234") + client_frame(0x80, "5678");
  EXPECT_EQ(events_of({whole + parts}, kServer, 8),
            (Lines{"text 12345678", "text 12345678"}));
}

TEST(WebSocketParser, RefusesACharacterThatTheLastFragmentLacks) {
  const std::string parts = client_frame(0x01, "\xc3") + client_frame(0x80, "");
  EXPECT_EQ(events_of({parts}, kServer),
            Lines{"error 1007 text that ends within a character"});
}

TEST(WebSocketParser, KnowsThatAMessageHasBegun) {
  WebSocketParser parser(kServer, 100);
  const std::string frame = client_frame(0x01, "x");
  parser.feed(std::string_view(frame).substr(0, 1));
  parser.next();
  EXPECT_TRUE(parser.partial());
  EXPECT_FALSE(parser.in_message());
  parser.feed(std::string_view(frame).substr(1));
  parser.next();
  EXPECT_TRUE(parser.in_message()) << "its last fragment has not come";
}

TEST(WebSocketParser, IsWithinNothingAfterTextThatIsNotUtf8) {
  WebSocketParser parser(kServer, 100);
  const std::string frame = client_frame(0x81, "a\xff");
  parser.feed(frame);
  EXPECT_EQ(told(parser.next()), "error 1007 text that is not UTF-8");
  EXPECT_FALSE(parser.in_message());
  EXPECT_FALSE(parser.partial());
}

TEST(WebSocketParser, APingIsNoPartOfAMessage) {
  WebSocketParser parser(kServer, 100);
  const std::string ping = client_frame(0x89, "ping");
  parser.feed(std::string_view(ping).substr(0, 8));
  parser.next();
  EXPECT_TRUE(parser.partial());
  EXPECT_FALSE(parser.in_message());
}

TEST(WebSocketParser, KeepsWhatWasNotAskedFor) {
  WebSocketParser parser(kServer, 100);
  auto lent = std::make_unique<std::string>(client_frame(0x81, "one") +
                                            client_frame(0x81, "two"));
  parser.feed(*lent);
  EXPECT_EQ(told(parser.next()), "text one");
  parser.keep();
  lent.reset();
  const std::string more = client_frame(0x81, "three");
  parser.feed(more);
  EXPECT_EQ(told(parser.next()), "text two");
  EXPECT_EQ(told(parser.next()), "text three");
}

TEST(WebSocketParser, HoldsNothingBetweenMessages) {
  const std::string frames = client_frame(0x81, std::string(500, 'x')) +
                             client_frame(0x89, std::string(99, 'p'));
  WebSocketParser parser(kServer, 1000);
  const Allocations allocations;
  for (const std::string& piece : {frames.substr(0, 40), frames.substr(40)}) {
    parser.feed(piece);
    while (parser.next().kind != WebSocketEvent::kNothingYet) {
    }
  }
  EXPECT_EQ(parser.held(), 0u);
  EXPECT_EQ(allocations.held(), 0);
}

TEST(WebSocketParser, HoldsNoMoreThanHasCome) {
  const std::string head = "\x82\xff\0\0\0\0\0\x0f\xff\xff"s + "mask";
  WebSocketParser parser(kServer, 1024 * 1024);
  parser.feed(head);
  parser.next();
  EXPECT_LT(parser.held(), 100u) << "a megabyte is announced";
}

}  // namespace
}  // namespace rp
