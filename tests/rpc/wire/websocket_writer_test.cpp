#include "rpc/wire/websocket_writer.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/digest.h"
#include "tests/support/websocket_frames.h"

namespace rp {
namespace {

using Lines = std::vector<std::string>;
using namespace std::string_literals;

std::string written(const WebSocketFrame& frame) {
  std::string out;
  write_frame(out, frame);
  return out;
}

TEST(WebSocketWriter, WritesTheExamplesOfTheRfc) {
  EXPECT_EQ(written({WebSocketOpcode::text, "Hello"}), "\x81\x05Hello");
  EXPECT_EQ(written({.opcode = WebSocketOpcode::text,
                     .payload = "Hello",
                     .mask = WebSocketMask{'\x37', '\xfa', '\x21', '\x3d'}}),
            "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  EXPECT_EQ(written({WebSocketOpcode::ping, "Hello"}), "\x89\x05Hello");
}

TEST(WebSocketWriter, AppendsToWhatIsThere) {
  std::string out = "before";
  write_frame(out, {WebSocketOpcode::binary, "x"});
  EXPECT_EQ(out, "before\x82\x01x");
}

TEST(WebSocketWriter, WritesAMessageInFragments) {
  EXPECT_EQ(written({WebSocketOpcode::text, "Hel", {}, false}) +
                written({WebSocketOpcode::continuation, "lo"}),
            "\x01\x03Hel\x80\x02lo");
}

TEST(WebSocketWriter, WritesLengthsAsShortAsCanBe) {
  const auto head = [](std::size_t length) {
    const std::string payload(length, 'x');
    const std::string frame = written({WebSocketOpcode::binary, payload});
    return to_hex(frame.substr(0, frame.size() - length));
  };
  EXPECT_EQ(head(0), "8200");
  EXPECT_EQ(head(125), "827d");
  EXPECT_EQ(head(126), "827e007e");
  EXPECT_EQ(head(65535), "827effff");
  EXPECT_EQ(head(65536), "827f0000000000010000");
}

TEST(WebSocketWriter, WritesWhatTheParserReads) {
  for (const unsigned length :
       {0u, 1u, 3u, 4u, 5u, 125u, 126u, 65535u, 65536u}) {
    const std::string payload(length, 'x');
    const Lines events{"text " + payload};
    const WebSocketMask mask{'a', 'b', 'c', 'd'};
    const auto plain = written({WebSocketOpcode::text, payload});
    const auto masked = written({WebSocketOpcode::text, payload, mask});
    EXPECT_EQ(events_of({plain}, WebSocketSide::client), events) << length;
    EXPECT_EQ(events_of({masked}, WebSocketSide::server), events) << length;
  }
}

TEST(WebSocketWriter, RefusesAControlFrameOf126Bytes) {
  const std::string payload(126, 'x');
  EXPECT_EQ(written({WebSocketOpcode::ping, payload.substr(1)}).size(), 127u);
  EXPECT_THROW(written({WebSocketOpcode::ping, payload}),
               std::invalid_argument);
}

TEST(WebSocketWriter, RefusesAFragmentOfAControlFrame) {
  EXPECT_THROW(written({WebSocketOpcode::close, {}, {}, false}),
               std::invalid_argument);
}

TEST(ClosePayload, IsACodeAndAReason) {
  EXPECT_EQ(close_payload(1000, "bye"), "\x03\xe8"s + "bye");
  EXPECT_EQ(close_payload(close_code::kNone, "bye"), "");
}

TEST(ClosePayload, TakesOf124BytesThoseThatFit) {
  EXPECT_EQ(close_payload(1000, std::string(123, 'x')).size(), 125u);
  EXPECT_EQ(close_payload(1000, std::string(124, 'x')).size(), 125u);
}

TEST(ClosePayload, CutsNoCharacter) {
  const std::string two = std::string(122, 'x') + "\xc3\xb6";
  EXPECT_EQ(close_payload(1000, two).substr(2), std::string(122, 'x'));
  const std::string four = std::string(120, 'x') + "\xf0\x9f\x98\x80";
  EXPECT_EQ(close_payload(1000, four).substr(2), std::string(120, 'x'));
}

TEST(ClosePayload, IsUtf8WhateverTheReasonIs) {
  EXPECT_EQ(close_payload(1000, "\xff").substr(2), "\xef\xbf\xbd");
}

TEST(ClosePayload, RefusesACodeThatMayNotBeSent) {
  for (const unsigned code : {0u, 999u, 1004u, 1006u, 1015u, 2999u, 5000u}) {
    const auto number = static_cast<std::uint16_t>(code);
    EXPECT_THROW(close_payload(number, ""), std::invalid_argument) << code;
  }
}

}  // namespace
}  // namespace rp
