// WebSocket frames: the same for every split, within their limits, and what
// was read can be written and read again; what is written is read as it was.
// The first byte chooses the side and how the stream is cut.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "rpc/wire/websocket.h"
#include "rpc/wire/websocket_writer.h"
#include "tests/fuzz/must.h"
#include "tests/fuzz/utf8_model.h"

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

// As RFC 6455 has them (7.4), and what was registered after it.
bool is_code(unsigned code) {
  const bool reserved = code == 1004 || code == 1005 || code == 1006;
  return (code >= 1000 && code <= 1014 && !reserved) ||
         (code >= 3000 && code < 5000);
}

void check_event(const WebSocketEvent& event) {
  const bool control = event.kind >= WebSocketEvent::kPing;
  must(event.bytes.size() <= (control ? 125 : kMaxMessage),
       "nothing is longer than it may be");
  if (event.kind == WebSocketEvent::kText) {
    must(is_utf8(event.bytes), "text is UTF-8");
  }
  if (event.kind != WebSocketEvent::kClose) return;
  must(is_utf8(event.bytes), "a reason is UTF-8");
  must(is_code(event.code) || event.code == close_code::kNone,
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

// Fragments of `step` bytes, and a ping behind each but the last.
std::string fragments(std::string_view bytes, WebSocketOpcode opcode,
                      WebSocketSide reader, std::size_t step) {
  std::string out;
  WebSocketFrame frame{.opcode = opcode, .final = false};
  WebSocketFrame ping{.opcode = WebSocketOpcode::ping, .payload = "?"};
  if (reader == WebSocketSide::server) frame.mask = ping.mask = kMask;
  for (; !frame.final; frame.opcode = WebSocketOpcode::continuation) {
    frame.payload = bytes.substr(0, step);
    bytes.remove_prefix(frame.payload.size());
    frame.final = bytes.empty();
    write_frame(out, frame);
    if (!frame.final) write_frame(out, ping);
  }
  return out;
}

void check_message(std::string_view bytes, WebSocketSide side,
                   std::size_t step) {
  const auto last_of = [&](WebSocketOpcode opcode) {
    const std::string stream = fragments(bytes, opcode, side, step);
    return read(stream, side, stream.size()).back();
  };
  const std::string message(bytes);
  must(last_of(WebSocketOpcode::binary) ==
           Told{WebSocketEvent::kBinary, message, 0},
       "any bytes are a message");
  const Told text = last_of(WebSocketOpcode::text);
  if (is_utf8(bytes)) {
    must(text == Told{WebSocketEvent::kText, message, 0}, "UTF-8 is text");
  } else {
    must(text.code == close_code::kNotUtf8, "what is not UTF-8 is no text");
  }
}

bool is_written(std::uint16_t code) {
  try {
    return !close_payload(code, {}).empty();
  } catch (const std::invalid_argument&) {
    return false;
  }
}

void check_closing(std::string_view bytes, WebSocketSide side) {
  const auto byte = [&](std::size_t i) { return std::uint8_t(bytes[i]); };
  const auto code = static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
  const std::string_view reason = bytes.substr(2);
  must(is_written(code) == is_code(code), "codes are what the RFC says");
  if (!is_code(code)) return;
  const std::string stream =
      write({WebSocketEvent::kClose, std::string(reason), code}, side);
  const std::vector<Told> told = read(stream, side, stream.size());
  must(told.size() == 1 && told[0].kind == WebSocketEvent::kClose &&
           told[0].code == code,
       "a close has the code it was given");
  must(!is_utf8(reason) || reason.starts_with(told[0].bytes),
       "a reason is told from its beginning");
  must(reason.size() > 120 || !is_utf8(reason) || told[0].bytes == reason,
       "a short reason is told whole");
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
  const std::size_t step = 1 + data[0] / 2u;
  rp::check(stream, side, step);
  if (stream.size() <= rp::kMaxMessage) {
    rp::check_message(stream, side, step + stream.size() / 8);
  }
  if (stream.size() >= 2) rp::check_closing(stream, side);
  return 0;
}
