#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>

#include "rpc/wire/websocket.h"

// What a client's parser says of a server's bytes, which come in pieces that
// have nothing to do with frames.

static void say(const rp::WebSocketParser& parser,
                const rp::WebSocketEvent& event) {
  const std::string bytes(event.bytes);
  switch (event.kind) {
    case rp::WebSocketEvent::kNothingYet:
      std::puts(parser.in_message() ? "within a message"
                : parser.partial()  ? "within a frame"
                                    : "between two");
      break;
    case rp::WebSocketEvent::kText:
      std::printf("text %s\n", bytes.c_str());
      break;
    case rp::WebSocketEvent::kBinary:
      std::printf("binary of %zu\n", bytes.size());
      break;
    case rp::WebSocketEvent::kPing:
      std::printf("ping %s\n", bytes.c_str());
      break;
    case rp::WebSocketEvent::kPong:
      std::printf("pong %s\n", bytes.c_str());
      break;
    case rp::WebSocketEvent::kClose:
      std::printf("close %u %s\n", unsigned{event.code}, bytes.c_str());
      break;
    case rp::WebSocketEvent::kError:
      std::printf("error %u\n", unsigned{event.code});
      break;
  }
}

int main() {
  rp::WebSocketParser parser(rp::WebSocketSide::client, 10);
  for (const std::string_view piece : {
           "\x81\x02hi\x89",
           "\x02yo\x01\x03one",
           "\x8a\x01p\x80\x03two",
           "\x02\x03one\x89\x01q",
           "\x80\x08",
           "\x81\x02hi",
       }) {
    parser.feed(piece);
    rp::WebSocketEvent event;
    do {
      event = parser.next();
      say(parser, event);
    } while (event.kind != rp::WebSocketEvent::kNothingYet &&
             event.kind != rp::WebSocketEvent::kError);
  }
}
