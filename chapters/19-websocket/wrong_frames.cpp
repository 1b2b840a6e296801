#include <cstdio>
#include <string>
#include <string_view>

#include "rpc/wire/websocket.h"

// Frames at the edge of what is right, and what a parser whose messages may
// be eight bytes long says of them.

namespace {

using namespace std::string_literals;

// A whole message or the last fragment if `first` is 0x80 and more; masked.
std::string frame(unsigned first, std::string_view payload) {
  const std::string_view mask = "mask";
  std::string bytes{static_cast<char>(first),
                    static_cast<char>(0x80 + payload.size())};
  bytes += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    bytes += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return bytes;
}

void tell(const char* what, const std::string& stream) {
  rp::WebSocketParser parser(rp::WebSocketSide::server, 8);
  std::printf("%-36s", what);
  parser.feed(stream);
  for (;;) {
    const rp::WebSocketEvent event = parser.next();
    const std::string bytes(event.bytes);
    if (event.kind == rp::WebSocketEvent::kNothingYet) break;
    if (event.kind == rp::WebSocketEvent::kError) {
      std::printf("%u %s", unsigned{event.code}, bytes.c_str());
      break;
    }
    std::printf("taken ");
  }
  std::puts("");
}

}  // namespace

int main() {
  tell("eight bytes", frame(0x82, "12345678"));
  tell("nine bytes", frame(0x82, "123456789"));
  tell("five and three in fragments",
       frame(0x02, "12345") + frame(0x80, "678"));
  tell("five and four in fragments",
       frame(0x02, "12345") + frame(0x80, "6789"));
  tell("a character in two fragments",
       frame(0x01, "\xc3") + frame(0x80, "\xb6"));
  tell("half a character", frame(0x81, "\xc3"));
  tell("125 in 16 bits", "\x82\xfe\x00\x7dmask"s);
  tell("65535 in 64 bits", "\x82\xff\0\0\0\0\0\0\xff\xffmask"s);
  tell("a length of 64 bits", "\x82\xff\x80\0\0\0\0\0\0\0mask"s);
  tell("a ping of 125 bytes", frame(0x89, std::string(125, 'p')));
  tell("a close with half a code", frame(0x88, "x"));
}
