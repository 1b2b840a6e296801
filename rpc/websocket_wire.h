#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "reactor/connection.h"
#include "reactor/reactor.h"
#include "rpc/websocket_peer.h"
#include "rpc/wire/websocket.h"

namespace rp {

/// The limits of one WebSocket. A time of zero is none.
struct WebSocketLimits {
  /// The longest message, in bytes, of all its fragments.
  std::size_t message = 4 * 1024 * 1024;
  /// From the first byte of a message to its last.
  Duration receive = std::chrono::seconds(15);
  /// When nothing has come for so long, a ping is sent.
  Duration ping = std::chrono::seconds(20);
  /// When nothing has come for so long, not even a pong, it is closed.
  Duration idle = std::chrono::seconds(60);
  /// How long the peer's closing frame is awaited after ours.
  Duration closing = std::chrono::seconds(2);
};

/// A WebSocket over a stream whose handshake is done: what a server's end and
/// a client's have in common (RFC 6455, sections 5 to 7). The stream tells it
/// what comes, and it tells its WebSocketPeer:
///
///     void on_start(Connection& stream) override { wire_.begin(stream); }
///     void on_data(std::string_view bytes) override { wire_.take(bytes); }
///
/// A peer that breaks the protocol gets a closing frame that says how. One
/// that takes too long for a message, or says nothing for too long, is closed
/// without: it would not be heard. While its WebSocketPeer is paused, or too
/// much is unsent, nothing is taken, and the peer's silence does not count. Of
/// many messages that have come at once the first are taken, and the rest in
/// the ticks that follow.
///
/// When both have sent a closing frame the server closes the stream; a client
/// waits for that (`closing`), then closes it itself. What comes between our
/// closing frame and the peer's is thrown away (section 7.1).
///
/// Thread rule: the loop's thread. Ownership: it owns its WebSocketPeer; the
/// stream owns it, so it never outlives the stream.
class WebSocketWire {
 public:
  /// `side` is ours.
  WebSocketWire(WebSocketSide side, std::unique_ptr<WebSocketPeer> user,
                WebSocketLimits limits = {});
  WebSocketWire(const WebSocketWire&) = delete;
  WebSocketWire& operator=(const WebSocketWire&) = delete;

  // What the stream tells.

  /// The handshake is done.
  void begin(Connection& stream);
  /// Bytes have come; they are lent for the length of the call.
  void take(std::string_view bytes);
  /// The last byte has come.
  void take_end();
  /// It is not choked any more.
  void go_on();
  /// The reactor drains.
  void drain();
  /// Whether the stream's own limit of idleness counts: only while the peer
  /// does not read what was sent. Else ours does.
  bool is_idle() const {
    return state_ == State::fresh || stream_->unsent() > 0;
  }
  /// It has gone. `why` is told instead of the reason's name, if there is one.
  void lost(CloseReason reason, std::string_view why = {});

  WebSocketPeer& user() { return *user_; }
  Connection& stream() const { return *stream_; }

 private:
  friend class WebSocketPeer;

  // From the handshake to the end (section 7.1).
  enum class State : std::uint8_t {
    fresh,    // before begin()
    open,     // messages go both ways
    closing,  // we have sent a closing frame and await the peer's
    closed,   // nothing more is sent or taken
  };

  void send(WebSocketOpcode opcode, std::string_view payload);
  void close(std::uint16_t code, std::string_view why);
  void set_reading(bool wanted);
  void update_reading();
  bool is_behind() const;

  void put(WebSocketOpcode opcode, std::string_view payload);
  void take_messages();
  bool take_one();
  void yield();
  void hand_over(const WebSocketEvent& event);
  void take_closing(const WebSocketEvent& event);
  void refuse(const WebSocketEvent& event);
  void end_stream(CloseReason reason);
  bool can_take() const;
  bool is_alive() const;

  void time_the_message();
  void message_is_late();
  void stop_timing(TimerId& timer);
  void watch_silence();
  void await_the_end();
  void closing_is_late(std::size_t unsent_before);

  WebSocketSide side_;
  std::unique_ptr<WebSocketPeer> user_;
  WebSocketLimits limits_;
  WebSocketParser parser_;
  Connection* stream_ = nullptr;  // which owns us
  State state_ = State::fresh;
  bool reading_ = true;
  bool taking_ = false;
  CloseReason ending_ = CloseReason::local;  // when the peer agrees
  std::uint16_t end_code_ = close_code::kAbnormal;
  std::string end_reason_;
  TimePoint last_came_{};
  TimePoint last_ping_{};
  TimerId turn_;  // set while messages wait for it
  TimerId message_timer_;
  TimerId silence_timer_;
  TimerId closing_timer_;
};

}  // namespace rp
