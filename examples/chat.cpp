// A room for those who come over TCP, a line at a time, and over WebSocket,
// as the page does that it serves.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "examples/chat_page.h"
#include "examples/chat_room.h"
#include "examples/end_on_signals.h"
#include "examples/flags.h"
#include "examples/listening.h"
#include "examples/poller_flag.h"
#include "reactor/acceptor.h"
#include "reactor/socket.h"
#include "rpc/http_server.h"
#include "rpc/websocket_server.h"
#include "rpc/wire/framing.h"

namespace rp {
namespace {

constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kMostBehind = std::size_t{256} * 1024;
// One reading may hold thousands. What they make leaves between two turns.
constexpr int kLinesAtOnce = 64;
constexpr Duration kLongestFarewell = std::chrono::seconds(10);

class LineMember : public Connection, public ChatMember {
 public:
  LineMember(UniqueFd fd, const Address& peer, ChatRoom& room)
      : Connection(std::move(fd), peer, {.idle = std::chrono::hours(1)}),
        room_(room) {}

  void on_added() override {
    Connection::on_added();
    ChatRoom::greet(*this);
  }

 private:
  void on_data(std::string_view bytes) override {
    framer_.feed(bytes);
    take_turn();
    framer_.keep();
  }
  void take_turn() {
    for (int taken = 0; taken < kLinesAtOnce; ++taken) {
      const Frame frame = framer_.next();
      if (frame.kind == Frame::kTooLong) cut_off("a line is too long");
      if (frame.kind != Frame::kMessage) return resume();
      room_.hear(*this, frame.message);
    }
    pause();
    turn_ = reactor().run_after(Duration::zero(), [this] { take_turn(); });
  }
  // A last line needs no end. What came before it has had its turn: nothing is
  // read while one is due.
  void on_end() override {
    framer_.end();
    take_turn();
    Connection::on_end();
  }
  void on_disconnect(CloseReason) override {
    reactor().cancel(turn_);
    room_.leave(*this);
  }
  void tell(std::string_view line) override { send(std::string(line) + "\n"); }
  std::size_t behind() const override { return unsent(); }
  void cut_off(std::string_view why) override {
    tell("* " + std::string(why));
    close_after_sending(CloseReason::overflow);
    reactor().run_after(kLongestFarewell, [&loop = reactor(), me = id()] {
      loop.close(me, CloseReason::overflow);
    });
  }

  ChatRoom& room_;
  LineFramer framer_{kLongestLine};
  TimerId turn_;
};

class WebSocketMember : public WebSocketPeer, public ChatMember {
 public:
  explicit WebSocketMember(ChatRoom& room) : room_(room) {}

 private:
  void on_open() override { ChatRoom::greet(*this); }
  void on_text(std::string_view text) override { room_.hear(*this, text); }
  void on_ended(const WebSocketEnd&) override { room_.leave(*this); }
  void tell(std::string_view line) override { send_text(line); }
  std::size_t behind() const override { return unsent(); }
  void cut_off(std::string_view why) override {
    close(close_code::kPolicy, why);
  }

  ChatRoom& room_;
};

int serve(const Flags& given) {
  const Address lines = local_port(given, "port");
  const Address http = local_port(given, "http");
  ChatRoom room(kMostBehind);
  Reactor reactor(chosen_poller(given));
  end_on_signals(reactor, stdout);
  report_refusals(reactor, "chat");

  UniqueFd listening = listen_on(lines);
  const Address here = local_address(listening.get());
  Acceptor::start(
      reactor, std::move(listening), [&room](UniqueFd fd, const Address& peer) {
        return std::make_unique<LineMember>(std::move(fd), peer, room);
      });
  HttpServer server(reactor, http);
  serve_files(server, chat_page());
  serve_websocket(server, "/",
                  [&room](const HttpRequest&) {
                    return std::make_unique<WebSocketMember>(room);
                  },
                  {.message = kLongestLine});
  announce(on_wire("tcp", here));
  announce_page(server.address());
  reactor.run();
  return 0;
}

}  // namespace
}  // namespace rp

int main(int argc, char** argv) {
  rp::Flags flags("chat", "A room for TCP lines and WebSockets.");
  flags.option("port", "N", "lines, on 127.0.0.1:N; 0: any", "7003");
  flags.option("http", "N", "WebSockets and a page, on 127.0.0.1:N; 0: any",
               "7083");
  rp::declare_poller(flags);
  flags.help_ends_with(rp::help_on_signals);
  return rp::run_program(flags, argc, argv, rp::serve);
}
