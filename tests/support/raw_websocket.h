#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/function.h"
#include "reactor/unique_fd.h"
#include "rpc/wire/websocket.h"

namespace rp {

/// A client of a WebSocket in the hands of the test: sends bytes as they are,
/// and reads what comes back.
///
///     RawWebSocket peer(connect_blocking(server.address()));
///     peer.ask("/echo");
///     peer.send(client_frame(0x81, "Hello"));
///     ASSERT_TRUE(run_until(reactor, peer.has(1)));
///     EXPECT_EQ(peer.events()[0], "text Hello");
///
/// Nothing here waits: send() throws when there is no room. Sent to a server
/// that has closed, bytes are lost.
class RawWebSocket {
 public:
  RawWebSocket() = default;
  explicit RawWebSocket(UniqueFd fd);

  void send(std::string_view bytes);

  /// Asks to upgrade; `more` are further lines of the head.
  void ask(std::string_view target, std::string_view more = {});

  /// Ends this direction; the other goes on.
  void end_input();
  void close() { fd_.reset(); }

  /// The head of the HTTP answer, once it has come.
  const std::string& answer();
  bool is_open();

  /// What came since, as told() says it.
  const std::vector<std::string>& events();

  /// Holds when so many have come, or when the stream has ended.
  Function<bool()> has(std::size_t events);
  Function<bool()> has_ended();
  Function<bool()> has_answer();
  bool ended();

  /// From now on only `most` bytes are read, at each call.
  void read_at_most(std::size_t most) { most_ = most; }
  std::size_t bytes() const { return bytes_; }

 private:
  void read_what_came();
  void parse(std::string_view bytes);

  UniqueFd fd_;
  std::string head_;
  bool has_head_ = false;
  std::string answer_;
  std::vector<std::string> events_;
  std::unique_ptr<WebSocketParser> parser_;
  std::size_t most_ = 64 * 1024 * 1024;
  std::size_t bytes_ = 0;
  bool ended_ = false;
};

}  // namespace rp
