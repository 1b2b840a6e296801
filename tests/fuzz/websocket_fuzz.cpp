// WebSocket frames: the same for every split, within their limits, and what
// was read can be written and read again. The first byte chooses the side and
// how the stream is cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/utf8.h"
#include "rpc/wire/websocket.h"
#include "rpc/wire/websocket_writer.h"
#include "tests/fuzz/must.h"

namespace rp {
namespace {

constexpr std::size_t kMaxMessage = 4096;
constexpr WebSocketMask kMask{'m', 'a', 's', 'k'};

struct Told {
  WebSocketEvent::Kind kind;
  std::string bytes;
  std::uint16_t code;

  bool operator==(const Told&) const = default;
};

void check_utf8(std::string_view text) {
  Utf8Decoder decoder;
  must(decoder.feed(text) && decoder.complete(), "text is UTF-8");
}

void check_event(const WebSocketEvent& event) {
  const bool control = event.kind >= WebSocketEvent::kPing;
  must(event.bytes.size() <= (control ? 125 : kMaxMessage),
       "nothing is longer than it may be");
  if (event.kind == WebSocketEvent::kText) check_utf8(event.bytes);
  if (event.kind != WebSocketEvent::kClose) return;
  check_utf8(event.bytes);
  must(may_be_sent(event.code) || event.code == close_code::kNone,
       "a close has a code that may be sent");
}

std::vector<Told> read(std::string_view stream, WebSocketSide side,
                       std::size_t step) {
  WebSocketParser parser(side, kMaxMessage);
  std::vector<Told> told;
  bool ended = false;
  for (; !stream.empty() && !ended; stream.remove_prefix(step)) {
    step = std::min(step, stream.size());
    parser.feed(stream.substr(0, step));
    for (;;) {
      const WebSocketEvent event = parser.next();
      must(parser.held() <= kMaxMessage + 125 + 14 + step,
           "what is held is bounded");
      if (event.kind == WebSocketEvent::kNothingYet) break;
      must(!ended, "nothing comes after the end");
      check_event(event);
      told.push_back({event.kind, std::string(event.bytes), event.code});
      ended = event.kind >= WebSocketEvent::kClose;
      if (event.kind == WebSocketEvent::kError) break;
    }
  }
  return told;
}

std::string write(const Told& told, WebSocketSide side) {
  WebSocketFrame frame{.opcode = WebSocketOpcode::text, .payload = told.bytes};
  if (side == WebSocketSide::server) frame.mask = kMask;
  std::string closing;
  if (told.kind == WebSocketEvent::kBinary) {
    frame.opcode = WebSocketOpcode::binary;
  } else if (told.kind == WebSocketEvent::kPing) {
    frame.opcode = WebSocketOpcode::ping;
  } else if (told.kind == WebSocketEvent::kPong) {
    frame.opcode = WebSocketOpcode::pong;
  } else if (told.kind == WebSocketEvent::kClose) {
    frame.opcode = WebSocketOpcode::close;
    frame.payload = closing = close_payload(told.code, told.bytes);
  }
  std::string out;
  write_frame(out, frame);
  return out;
}

void check(std::string_view stream, WebSocketSide side, std::size_t step) {
  std::vector<Told> whole = read(stream, side, stream.size());
  must(whole == read(stream, side, step), "every split tells the same");
  if (!whole.empty() && whole.back().kind == WebSocketEvent::kError) {
    whole.pop_back();
  }
  std::string again;
  for (const Told& told : whole) again += write(told, side);
  must(read(again, side, again.size() + 1) == whole,
       "what was read is written and read again");
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  const auto side =
      data[0] % 2 == 0 ? rp::WebSocketSide::server : rp::WebSocketSide::client;
  rp::check(stream, side, 1 + data[0] / 2u);
  return 0;
}
