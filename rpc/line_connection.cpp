#include "rpc/line_connection.h"

#include <string>
#include <utility>

namespace rp {

LineConnection::LineConnection(UniqueFd fd, const Address& peer,
                               std::unique_ptr<Session> session,
                               LineLimits limits)
    : Connection(std::move(fd), peer, limits.connection),
      session_(std::move(session)),
      framer_(limits.line),
      longest_line_(limits.line),
      receive_limit_(limits.receive) {}

void LineConnection::on_added() {
  Connection::on_added();
  session_->attach(*this);
}

void LineConnection::on_data(std::string_view bytes) {
  framer_.feed(bytes);
  take_messages();
  framer_.keep();
}

// Also called when there is room again: lines may wait in the framer.
void LineConnection::take_messages() {
  if (std::exchange(taking_, true)) return;
  while (can_take() && take_one()) {
  }
  taking_ = false;
  session_->caught_up();
}

bool LineConnection::can_take() {
  const bool open = !refused_ && reactor().find(id()) != nullptr;
  return open && !is_held();
}

// It is we who do not read.
bool LineConnection::is_held() const {
  return choked() || !session_->takes_more();
}

// False when there is no more for now.
bool LineConnection::take_one() {
  const Frame frame = framer_.next();
  if (frame.kind == Frame::kNothingYet) {
    ended() ? session_->end_of_input() : time_the_line();
    return false;
  }
  stop_timing();
  if (frame.kind == Frame::kTooLong) {
    refuse_long_line();
    return false;
  }
  session_->receive(frame.line);
  return true;
}

void LineConnection::refuse_long_line() {
  refused_ = true;
  session_->refuse_text(RpcError(
      kInvalidRequest,
      "a line is longer than " + std::to_string(longest_line_) + " bytes"));
  session_->end_of_input();
}

// Timed as a whole: a byte now and then does not keep a line alive.
void LineConnection::time_the_line() {
  const bool timed = static_cast<bool>(line_timer_);
  if (!framer_.partial()) return stop_timing();
  if (timed || receive_limit_ == Duration::zero()) return;
  line_timer_ = reactor().run_after(receive_limit_, [this] { line_is_late(); });
}

void LineConnection::line_is_late() {
  line_timer_ = {};
  is_held() ? time_the_line() : close(CloseReason::too_slow);
}

void LineConnection::stop_timing() {
  reactor().cancel(std::exchange(line_timer_, {}));
}

void LineConnection::on_end() {
  framer_.feed("\n");
  take_messages();
  framer_.keep();
}

void LineConnection::on_disconnect(CloseReason reason) {
  stop_timing();
  session_->lost("connection lost: " + std::string(to_string(reason)));
}

void LineConnection::send(std::string_view json) {
  Connection::send(json);
  Connection::send("\n");
}

void LineConnection::set_reading(bool wanted) {
  if (!wanted || refused_) return pause();
  resume();
  take_messages();
}

// Messages may wait in the framer, behind the present one or behind answers
// that the peer does not read: it ends when they have their answers.
void LineConnection::finish() {
  if (taking_ || choked()) return;
  stop_timing();
  const CloseReason reason = ended() ? CloseReason::peer : CloseReason::drained;
  close_after_sending(refused_ ? CloseReason::protocol : reason);
}

}  // namespace rp
