#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/websocket.h"
#include "tests/support/websocket_frames.h"

namespace rp {
namespace {

using Lines = std::vector<std::string>;
using namespace std::string_literals;

constexpr auto kServer = WebSocketSide::server;
constexpr auto kClient = WebSocketSide::client;
constexpr std::size_t kLimit = 8;

// What is refused. The stream ends with the byte at which it must be known.
struct Refusal {
  std::string name;
  WebSocketSide side;
  std::string stream;
  std::string error;
};

const std::vector<Refusal> kRefusals = {
    {"ReservedBit1", kServer, "\xc1\x80"s, "1002 a reserved bit is set"},
    {"ReservedBit2", kServer, "\xa1\x80"s, "1002 a reserved bit is set"},
    {"ReservedBit3", kServer, "\x91\x80"s, "1002 a reserved bit is set"},
    {"Opcode3", kServer, "\x83\x80"s, "1002 an opcode that is not known"},
    {"Opcode7", kServer, "\x87\x80"s, "1002 an opcode that is not known"},
    {"Opcode11", kServer, "\x8b\x80"s, "1002 an opcode that is not known"},
    {"Opcode15", kServer, "\x8f\x80"s, "1002 an opcode that is not known"},
    {"UnmaskedFromAClient", kServer, "\x81\x01"s,
     "1002 a client's frame is not masked"},
    {"MaskedFromAServer", kClient, "\x81\x81"s,
     "1002 a server's frame is masked"},
    {"AFragmentOfAPing", kServer, "\x09\x80"s,
     "1002 a control frame is fragmented"},
    {"AFragmentOfAClose", kServer, "\x08\x80"s,
     "1002 a control frame is fragmented"},
    {"APingOf126Bytes", kServer, "\x89\xfe"s,
     "1002 a control frame is longer than 125 bytes"},
    {"AFragmentOfNothing", kServer, "\x80\x80"s,
     "1002 a fragment of no message"},
    {"AMessageWithinAnother", kServer, client_frame(0x01, "a") + "\x81\x80"s,
     "1002 a message within another"},
    {"125In16Bits", kServer, "\x82\xfe\x00\x7dmask"s,
     "1002 a length in a wrong form"},
    {"65535In64Bits", kServer, "\x82\xff\0\0\0\0\0\0\xff\xffmask"s,
     "1002 a length in a wrong form"},
    {"ALengthOf64Bits", kServer, "\x82\xff\x80\0\0\0\0\0\0\0mask"s,
     "1002 a length in a wrong form"},
    {"ALengthOf63Bits", kServer,
     "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask"s,
     "1009 a message that is too long"},
    {"OneBeyondTheLimit", kServer, "\x82\x89mask"s,
     "1009 a message that is too long"},
    {"OneBeyondTheLimitInFragments", kServer,
     client_frame(0x02, "12345") + "\x80\x84mask"s,
     "1009 a message that is too long"},
    {"HalfACloseCode", kServer, client_frame(0x88, "x"),
     "1002 a close code that may not be sent"},
    {"AReasonThatIsNotUtf8", kServer, client_frame(0x88, closing(1000, "\xff")),
     "1007 a reason that is not UTF-8"},
    {"AReasonThatEndsWithinACharacter", kServer,
     client_frame(0x88, closing(1000, "\xc3")),
     "1007 a reason that is not UTF-8"},
    {"TextThatEndsWithinACharacter", kServer, client_frame(0x81, "a\xc3"),
     "1007 text that ends within a character"},
    {"OverlongUtf8", kServer, client_frame(0x81, "\xc0\xaf").substr(0, 7),
     "1007 text that is not UTF-8"},
    {"ASurrogate", kServer, client_frame(0x81, "\xed\xa0\x80").substr(0, 8),
     "1007 text that is not UTF-8"},
};

class WebSocketRefusals : public ::testing::TestWithParam<Refusal> {};
INSTANTIATE_TEST_SUITE_P(All, WebSocketRefusals, ::testing::ValuesIn(kRefusals),
                         [](const auto& test) { return test.param.name; });

TEST_P(WebSocketRefusals, AreToldWhenTheyAreKnown) {
  const auto& [name, side, stream, error] = GetParam();
  EXPECT_EQ(events_of({stream}, side, kLimit), Lines{"error " + error});
}

TEST_P(WebSocketRefusals, AreToldByteByByteToo) {
  const auto& [name, side, stream, error] = GetParam();
  EXPECT_EQ(events_of(byte_by_byte(stream), side, kLimit),
            Lines{"error " + error});
}

TEST_P(WebSocketRefusals, AreToldNoEarlier) {
  const auto& [name, side, stream, error] = GetParam();
  const auto begun = byte_by_byte(stream.substr(0, stream.size() - 1));
  EXPECT_EQ(events_of(begun, side, kLimit), Lines{});
}

TEST_P(WebSocketRefusals, AreFinal) {
  const auto& [name, side, stream, error] = GetParam();
  WebSocketParser parser(side, kLimit);
  parser.feed(stream);
  WebSocketEvent event;
  do {
    event = parser.next();
  } while (event.kind != WebSocketEvent::kError &&
           event.kind != WebSocketEvent::kNothingYet);
  const std::string good = client_frame(0x81, "x");
  parser.feed(good);
  EXPECT_EQ(told(parser.next()), "error " + error);
  EXPECT_EQ(parser.held(), 0u);
}

class CloseCodes : public ::testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(Good, CloseCodes,
                         ::testing::Values(1000, 1001, 1002, 1003, 1007, 1008,
                                           1009, 1010, 1011, 1012, 1013, 1014,
                                           3000, 3999, 4000, 4999));

TEST_P(CloseCodes, AreTaken) {
  const std::string code = std::to_string(GetParam());
  EXPECT_EQ(events_of({client_frame(0x88, closing(GetParam()))}, kServer),
            Lines{"close " + code + " "});
}

class WrongCloseCodes : public ::testing::TestWithParam<unsigned> {};
INSTANTIATE_TEST_SUITE_P(All, WrongCloseCodes,
                         ::testing::Values(0, 1, 999, 1004, 1005, 1006, 1015,
                                           1016, 2999, 5000, 65535));

TEST_P(WrongCloseCodes, AreRefused) {
  EXPECT_EQ(events_of({client_frame(0x88, closing(GetParam()))}, kServer),
            Lines{"error 1002 a close code that may not be sent"});
}

}  // namespace
}  // namespace rp
