#include "tests/support/websocket_frames.h"

namespace rp {

namespace {

constexpr std::string_view kMask = "\x37\xfa\x21\x3d";

std::string head(unsigned first, std::size_t length, unsigned mask_bit) {
  std::string bytes(1, static_cast<char>(first));
  const auto put = [&bytes](std::uint64_t number) {
    bytes.push_back(static_cast<char>(number));
  };
  const int more = length < 126 ? 0 : length < 65536 ? 2 : 8;
  put(mask_bit | (more == 0 ? length : more == 2 ? 126u : 127u));
  for (int i = more - 1; i >= 0; --i) put(std::uint64_t{length} >> (8 * i));
  return bytes;
}

}  // namespace

std::string server_frame(unsigned first, std::string_view payload) {
  return head(first, payload.size(), 0).append(payload);
}

std::string client_frame(unsigned first, std::string_view payload) {
  std::string frame = head(first, payload.size(), 0x80).append(kMask);
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame.push_back(static_cast<char>(payload[i] ^ kMask[i % 4]));
  }
  return frame;
}

std::string closing(unsigned code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  return payload.append(reason);
}

std::string told(const WebSocketEvent& event) {
  const std::string bytes(event.bytes);
  const std::string code = std::to_string(event.code);
  switch (event.kind) {
    case WebSocketEvent::kNothingYet:
      return "nothing yet";
    case WebSocketEvent::kText:
      return "text " + bytes;
    case WebSocketEvent::kBinary:
      return "binary " + bytes;
    case WebSocketEvent::kPing:
      return "ping " + bytes;
    case WebSocketEvent::kPong:
      return "pong " + bytes;
    case WebSocketEvent::kClose:
      return "close " + code + " " + bytes;
    case WebSocketEvent::kError:
      return "error " + code + " " + bytes;
  }
  return "?";
}

std::vector<std::string> events_of(const std::vector<std::string>& pieces,
                                   WebSocketSide side,
                                   std::size_t max_message) {
  WebSocketParser parser(side, max_message);
  std::vector<std::string> events;
  for (const std::string& piece : pieces) {
    const std::vector<char> lent(piece.begin(), piece.end());
    parser.feed({lent.data(), lent.size()});
    for (;;) {
      const WebSocketEvent event = parser.next();
      if (event.kind == WebSocketEvent::kNothingYet) break;
      events.push_back(told(event));
      if (event.kind == WebSocketEvent::kError) return events;
    }
  }
  return events;
}

}  // namespace rp
