#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reactor/address.h"
#include "reactor/event_handler.h"
#include "reactor/reactor.h"
#include "rpc/wire/websocket.h"

namespace rp {

class WebSocketWire;

/// How a WebSocket came to its end.
struct WebSocketEnd {
  /// What the peer's closing frame said; without one, what ours said;
  /// close_code::kAbnormal when neither was sent.
  std::uint16_t code = close_code::kAbnormal;
  std::string_view why;  ///< the reason that was told, or the name of `stream`
  CloseReason stream = CloseReason::local;
};

/// One end of a WebSocket, as the program sees it. Derive from it and say
/// what messages mean:
///
///     class Echo : public WebSocketPeer {
///       void on_text(std::string_view text) override { send_text(text); }
///     };
///     serve_websocket(server, "/echo", [](const HttpRequest&) {
///       return std::make_unique<Echo>();
///     });
///
/// A peer that does not read is not read from (ConnectionLimits::pause_at),
/// and closed in the end (close_at). Pings are answered, and sent when nothing
/// has come for a while. What on_text() or on_binary() throws goes to the
/// reactor's error handler, and the conversation ends (1011). What on_open()
/// throws closes the stream.
///
/// Thread rule: the loop's thread. Ownership: the connection owns it, from the
/// handshake on; on_ended() is the last call. What it sends before on_open()
/// or after close() goes nowhere. address(), unsent(), is_behind() and
/// reactor() may be asked from on_open() on only: not in a constructor, nor in
/// the on_ended() of one that never opened.
class WebSocketPeer {
 public:
  WebSocketPeer() = default;
  WebSocketPeer(const WebSocketPeer&) = delete;
  WebSocketPeer& operator=(const WebSocketPeer&) = delete;
  virtual ~WebSocketPeer() = default;

  /// Sends one message. Text must be UTF-8, or the other end will close.
  void send_text(std::string_view text);
  void send_binary(std::string_view bytes);

  /// Begins the end: sends a closing frame behind what was sent, waits for the
  /// peer's, and closes the stream. What the peer still sends is thrown away.
  /// std::invalid_argument for a code that may not be sent; kNone sends none.
  void close(std::uint16_t code = close_code::kNormal,
             std::string_view why = {});

  /// Takes no messages for now, and takes them again. What came meanwhile
  /// waits with the peer, pings too.
  void pause();
  void resume();

  /// The end of the stream that is not ours.
  const Address& address() const;

  /// How many bytes wait for the peer to read.
  std::size_t unsent() const;

  /// Further messages may have come that were not handed over yet: because
  /// one is being handed over, because the rest of many wait for the next
  /// tick, or because too much is unsent.
  bool is_behind() const;

  Reactor& reactor() const;

 private:
  friend class WebSocketWire;

  /// Messages can be sent from now on.
  virtual void on_open() {}

  /// A message has come; it is lent for the length of the call.
  virtual void on_text(std::string_view text) = 0;

  /// By default it is refused, by the end of the conversation.
  virtual void on_binary(std::string_view bytes);

  /// All messages that had come and could be taken were handed over.
  virtual void on_caught_up() {}

  /// Less is unsent: messages will come again, if they had stopped for that.
  virtual void on_ready() {}

  /// The server goes down. By default close(close_code::kGoingAway).
  virtual void on_drain();

  /// It is over; called once, also when the handshake failed and on_open()
  /// was never called.
  virtual void on_ended(const WebSocketEnd&) {}

  WebSocketWire* wire_ = nullptr;  // from on_open() on; it owns us
};

}  // namespace rp
