#include "rpc/websocket_wire.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rpc/random_bytes.h"
#include "rpc/wire/websocket_writer.h"

namespace rp {

namespace {

// One reading may hold thousands. So many small requests are served in 0.2 ms.
constexpr int kMessagesAtOnce = 64;

WebSocketMask random_mask() {
  WebSocketMask mask{};
  const std::string bytes = random_bytes(mask.size());
  std::copy(bytes.begin(), bytes.end(), mask.begin());
  return mask;
}

TimePoint earliest(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  return a && b ? std::min(*a, *b) : a ? *a : *b;
}

}  // namespace

WebSocketWire::WebSocketWire(WebSocketSide side,
                             std::unique_ptr<WebSocketPeer> user,
                             WebSocketLimits limits)
    : side_(side),
      user_(std::move(user)),
      limits_(limits),
      parser_(side, limits.message) {}

void WebSocketWire::begin(Connection& stream) {
  stream_ = &stream;
  state_ = State::open;
  last_came_ = last_ping_ = stream.reactor().now();
  watch_silence();
  user_->wire_ = this;
  user_->on_open();
}

void WebSocketWire::take(std::string_view bytes) {
  last_came_ = stream_->reactor().now();
  parser_.feed(bytes);
  take_messages();
}

// Messages that came before it, and wait, are handed over first.
void WebSocketWire::take_end() {
  if (state_ == State::closed) return stream_->close_after_sending(ending_);
  take_messages();
}

void WebSocketWire::go_on() {
  last_came_ = stream_->reactor().now();
  take_messages();
  if (state_ == State::open) user_->on_ready();
}

void WebSocketWire::drain() {
  ending_ = CloseReason::drained;
  if (state_ == State::open) user_->on_drain();
}

void WebSocketWire::lost(CloseReason reason, std::string_view why) {
  state_ = State::closed;
  for (TimerId* timer :
       {&turn_, &message_timer_, &silence_timer_, &closing_timer_}) {
    stop_timing(*timer);
  }
  if (!end_reason_.empty()) why = end_reason_;
  if (why.empty()) why = to_string(reason);
  user_->on_ended({end_code_, why, reason});
}

// Also called when there is room again: messages may wait in the parser. What
// a callback throws must not leave the parser with bytes that are not ours.
void WebSocketWire::take_messages() {
  if (std::exchange(taking_, true)) return;
  struct Taking {
    ~Taking() {
      wire.taking_ = false;
      wire.parser_.keep();
    }
    WebSocketWire& wire;
  };
  {
    const Taking taking{*this};
    int taken = 0;
    while (can_take() && take_one()) {
      if (++taken == kMessagesAtOnce && can_take()) yield();
    }
  }
  if (state_ == State::open && !turn_) user_->on_caught_up();
}

// Others have their turn, and no more is read meanwhile.
void WebSocketWire::yield() {
  turn_ = stream_->reactor().run_after(Duration::zero(), [this] {
    turn_ = {};
    update_reading();
    take_messages();
  });
  update_reading();
}

bool WebSocketWire::is_alive() const {
  return stream_->reactor().find(stream_->id()) != nullptr;
}

bool WebSocketWire::can_take() const {
  const bool wanted = state_ == State::open && reading_ && !stream_->choked();
  const bool my_turn = !turn_ && is_alive();
  return (wanted || state_ == State::closing) && my_turn;
}

bool WebSocketWire::is_behind() const {
  return taking_ || turn_ || stream_->choked();
}

// False when there is no more for now.
bool WebSocketWire::take_one() {
  const WebSocketEvent event = parser_.next();
  if (event.kind == WebSocketEvent::kNothingYet) {
    stream_->ended() ? end_stream(CloseReason::peer) : time_the_message();
    return false;
  }
  if (!parser_.in_message()) stop_timing(message_timer_);
  if (event.kind == WebSocketEvent::kError) {
    refuse(event);
  } else if (event.kind == WebSocketEvent::kClose) {
    take_closing(event);
  } else if (state_ == State::open) {
    hand_over(event);
  }
  return true;
}

void WebSocketWire::hand_over(const WebSocketEvent& event) try {
  if (event.kind == WebSocketEvent::kText) user_->on_text(event.bytes);
  if (event.kind == WebSocketEvent::kBinary) user_->on_binary(event.bytes);
  if (event.kind == WebSocketEvent::kPing) {
    put(WebSocketOpcode::pong, event.bytes);
  }
} catch (...) {
  close(close_code::kFailed, "it failed here");
  throw;
}

void WebSocketWire::refuse(const WebSocketEvent& event) {
  end_code_ = event.code;
  end_reason_ = event.bytes;
  if (state_ == State::open) {
    put(WebSocketOpcode::close, close_payload(event.code, event.bytes));
  }
  end_stream(CloseReason::protocol);
}

void WebSocketWire::take_closing(const WebSocketEvent& event) {
  end_code_ = event.code;
  end_reason_ = event.bytes;
  if (state_ == State::open) {
    put(WebSocketOpcode::close, close_payload(event.code, {}));
    ending_ = CloseReason::peer;
  }
  if (side_ == WebSocketSide::server) return end_stream(ending_);
  // The server closes the stream first (7.1.1), and keeps the port's memory.
  state_ = State::closed;
  if (!closing_timer_) await_the_end();
}

void WebSocketWire::send(WebSocketOpcode opcode, std::string_view payload) {
  if (state_ == State::open) put(opcode, payload);
}

void WebSocketWire::put(WebSocketOpcode opcode, std::string_view payload) {
  std::string frame;
  WebSocketFrame parts{.opcode = opcode, .payload = payload};
  if (side_ == WebSocketSide::client) parts.mask = random_mask();
  write_frame(frame, parts);
  stream_->send(frame);
}

void WebSocketWire::close(std::uint16_t code, std::string_view why) {
  if (state_ != State::open) return;
  put(WebSocketOpcode::close, close_payload(code, why));
  end_code_ = code;
  end_reason_ = why;
  state_ = State::closing;
  update_reading();
  await_the_end();
  take_messages();
}

void WebSocketWire::await_the_end() {
  if (limits_.closing == Duration::zero()) return;
  closing_timer_ = stream_->reactor().run_after(
      limits_.closing,
      [this, unsent = stream_->unsent()] { closing_is_late(unsent); });
}

// Who is slow to read what was sent before the closing frame is not late; who
// reads nothing is left to the stream, which knows when to give up.
void WebSocketWire::closing_is_late(std::size_t unsent_before) {
  closing_timer_ = {};
  const std::size_t unsent = stream_->unsent();
  const bool is_read = 0 < unsent && unsent < unsent_before;
  is_read ? await_the_end() : end_stream(ending_);
}

void WebSocketWire::end_stream(CloseReason reason) {
  state_ = State::closed;
  stream_->close_after_sending(reason);
}

void WebSocketWire::set_reading(bool wanted) {
  if (state_ != State::open) return;
  if (!std::exchange(reading_, wanted)) last_came_ = stream_->reactor().now();
  update_reading();
  if (wanted) take_messages();
}

void WebSocketWire::update_reading() {
  const bool wanted = reading_ || state_ != State::open;
  wanted && !turn_ ? stream_->resume() : stream_->pause();
}

// Timed as a whole: a byte now and then does not keep a message alive.
void WebSocketWire::time_the_message() {
  if (!parser_.partial()) return stop_timing(message_timer_);
  if (message_timer_ || limits_.receive == Duration::zero()) return;
  message_timer_ = stream_->reactor().run_after(limits_.receive,
                                                [this] { message_is_late(); });
}

void WebSocketWire::message_is_late() {
  message_timer_ = {};
  can_take() ? stream_->close(CloseReason::too_slow) : time_the_message();
}

void WebSocketWire::stop_timing(TimerId& timer) {
  if (timer) stream_->reactor().cancel(std::exchange(timer, {}));
}

// Re-armed when it fires, not at each byte. While it is we who do not read, or
// who have said the last word, the peer is not silent.
void WebSocketWire::watch_silence() {
  const TimePoint now = stream_->reactor().now();
  if (state_ != State::open || !can_take()) last_came_ = now;
  std::optional<TimePoint> end, ping;
  if (limits_.idle != Duration::zero()) end = last_came_ + limits_.idle;
  if (end && now >= *end) return stream_->close(CloseReason::idle);
  if (limits_.ping != Duration::zero()) {
    ping = std::max(last_came_, last_ping_) + limits_.ping;
  }
  if (ping && now >= *ping) {
    send(WebSocketOpcode::ping, {});
    last_ping_ = now;
    ping = now + limits_.ping;
  }
  if (!end && !ping) return;
  silence_timer_ = stream_->reactor().run_at(earliest(end, ping),
                                             [this] { watch_silence(); });
}

}  // namespace rp
