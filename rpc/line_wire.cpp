#include "rpc/line_wire.h"

#include <string>
#include <utility>

namespace rp {

namespace {

// One reading may hold thousands. So many small requests are served in 0.2 ms.
constexpr int kMessagesAtOnce = 64;

}  // namespace

LineWire::LineWire(std::unique_ptr<Session> session, const LineLimits& limits)
    : LineWire(std::move(session), limits,
               std::make_unique<LineFramer>(limits.line)) {}

LineWire::LineWire(std::unique_ptr<Session> session, const LineLimits& limits,
                   std::unique_ptr<Framer> framer)
    : session_(std::move(session)),
      framer_(std::move(framer)),
      receive_limit_(limits.receive) {}

void LineWire::begin(Reactor& reactor) {
  reactor_ = &reactor;
  session_->attach(*this);
}

void LineWire::take(std::string_view bytes) {
  framer_->feed(bytes);
  take_messages();
  framer_->keep();
}

void LineWire::take_end() {
  framer_->end();
  take_messages();
  framer_->keep();
}

// Also called when there is room again: lines may wait in the framer.
void LineWire::take_messages() {
  if (std::exchange(taking_, true)) return;
  int taken = 0;
  while (can_take() && take_one()) {
    if (++taken == kMessagesAtOnce && can_take()) yield();
  }
  taking_ = false;
  if (!turn_) session_->caught_up();
}

// Others have their turn, and no more is read meanwhile.
void LineWire::yield() {
  read_on(false);
  turn_ = reactor_->run_after(Duration::zero(), [this] {
    turn_ = {};
    set_reading(session_->takes_more());
  });
}

bool LineWire::can_take() const { return !refused_ && is_open() && !is_held(); }

// It is we who do not read.
bool LineWire::is_held() const {
  return turn_ || is_choked() || !session_->takes_more();
}

// False when there is no more for now.
bool LineWire::take_one() {
  const Frame frame = framer_->next();
  if (frame.kind == Frame::kNothingYet) {
    has_ended() ? session_->end_of_input() : time_the_line();
    return false;
  }
  stop_timing();
  if (frame.kind != Frame::kMessage) {
    refuse_the_rest();
    return false;
  }
  session_->receive(frame.message);
  return true;
}

void LineWire::refuse_the_rest() {
  refused_ = true;
  session_->refuse_text(RpcError(kInvalidRequest, framer_->fault()));
  session_->end_of_input();
}

// Timed as a whole: a byte now and then does not keep a line alive.
void LineWire::time_the_line() {
  const bool timed = static_cast<bool>(line_timer_);
  if (!framer_->partial()) return stop_timing();
  if (timed || receive_limit_ == Duration::zero()) return;
  line_timer_ = reactor_->run_after(receive_limit_, [this] { line_is_late(); });
}

void LineWire::line_is_late() {
  line_timer_ = {};
  is_held() ? time_the_line() : end_now(CloseReason::too_slow);
}

void LineWire::stop_timing() {
  reactor_->cancel(std::exchange(line_timer_, {}));
}

void LineWire::lost(CloseReason reason) {
  stop_timing();
  reactor_->cancel(turn_);
  session_->lost("connection lost: " + std::string(to_string(reason)));
}

void LineWire::send(std::string_view json) {
  const std::string before = framer_->before(json.size());
  if (!before.empty()) put(before);
  put(json);
  if (!framer_->behind().empty()) put(framer_->behind());
}

void LineWire::set_reading(bool wanted) {
  const bool reads = wanted && !refused_;
  read_on(reads && !turn_);
  if (reads) take_messages();
}

// Messages may wait in the framer, behind the present one or behind answers
// that the peer does not read: it ends when they have their answers.
void LineWire::finish() {
  if (taking_ || turn_ || is_choked()) return;
  stop_timing();
  const CloseReason reason =
      has_ended() ? CloseReason::peer : CloseReason::drained;
  end_after_sending(refused_ ? CloseReason::protocol : reason);
}

}  // namespace rp
