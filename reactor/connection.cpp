#include "reactor/connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace rp {

Connection::Connection(UniqueFd fd, const Address& peer,
                       ConnectionLimits limits)
    : fd_(std::move(fd)), peer_(peer), limits_(limits) {}

void Connection::on_added() {
  last_progress_ = reactor().now();
  if (limits_.idle == Duration::zero()) return;
  idle_timer_ = reactor().run_after(limits_.idle, [this] { check_idle(); });
}

void Connection::on_closed(CloseReason reason) {
  if (reason == CloseReason::shutdown && !output_.empty()) write_some();
  reactor().cancel(idle_timer_);
  reactor().cancel(linger_timer_);
  on_disconnect(reason);
}

void Connection::on_readable() {
  const auto buffer = reactor().read_buffer();
  ssize_t count = 0;
  do {
    count = ::recv(fd(), buffer.data(), buffer.size(), 0);
  } while (count < 0 && errno == EINTR);

  if (count < 0) {
    if (errno != EAGAIN) fail(errno);
    return;
  }
  if (!discards_input()) last_progress_ = reactor().now();
  if (count > 0) {
    const auto length = static_cast<std::size_t>(count);
    if (!discards_input()) on_data({buffer.data(), length});
    return;
  }
  ended_ = true;
  update_interest();
  if (ending_ == Ending::lingering) return close(end_reason_);
  if (!discards_input()) on_end();
}

bool Connection::discards_input() const {
  return ending_ == Ending::whole || ending_ == Ending::lingering;
}

void Connection::on_writable() { flush(); }

void Connection::send(std::string_view bytes) {
  if (bytes.empty() || !takes_output()) return;
  const bool blocked = !output_.empty() && !staged_;
  if (output_.empty() && !output_.has_memory()) {
    output_.lend(reactor().borrow_string());
  }
  output_.append(bytes);
  if (unsent() > limits_.close_at) return close(CloseReason::overflow);
  if (unsent() > limits_.pause_at) choked_ = true;
  // A full socket says when it has room; to try before is a wasted call.
  blocked ? update_interest() : stage_flush();
}

bool Connection::takes_output() const {
  return ending_ == Ending::no && reactor().find(id()) != nullptr;
}

// Once a phase, however often the program sends. Looked up by id, for the
// connection may be dead by then.
void Connection::stage_flush() {
  if (std::exchange(staged_, true)) return;
  reactor().at_phase_end([&loop = reactor(), me = id()] {
    if (auto* handler = loop.find(me)) {
      static_cast<Connection*>(handler)->flush();
    }
  });
}

void Connection::flush() {
  staged_ = false;
  if (output_.empty() || write_some()) after_writing();
}

// False when the connection has failed.
bool Connection::write_some() {
  ssize_t count = 0;
  do {
    const std::string_view bytes = output_.front();
    count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  } while (count < 0 && errno == EINTR);

  if (count >= 0) {
    output_.consume(static_cast<std::size_t>(count));
    last_progress_ = reactor().now();
    return true;
  }
  if (errno == EAGAIN) return true;
  fail(errno);
  return false;
}

void Connection::after_writing() {
  if (output_.empty()) {
    if (output_.has_memory()) reactor().hand_back(output_.release());
    if (ending_ == Ending::half || ending_ == Ending::whole) {
      shut_down_sending();
    }
  }
  const bool resumes = choked_ && unsent() <= limits_.pause_at / 2;
  if (resumes) choked_ = false;
  update_interest();
  if (resumes) on_unchoked();
}

void Connection::pause() {
  paused_ = true;
  update_interest();
}

void Connection::resume() {
  paused_ = false;
  update_interest();
}

void Connection::half_close() {
  if (ending_ != Ending::no) return;
  ending_ = Ending::half;
  stage_flush();
}

void Connection::close_after_sending(CloseReason reason) {
  if (ending_ == Ending::whole || ending_ == Ending::lingering) return;
  end_reason_ = reason;
  if (ending_ == Ending::half_shut) return linger();
  ending_ = Ending::whole;
  stage_flush();
}

void Connection::shut_down_sending() {
  const bool whole = ending_ == Ending::whole;
  ::shutdown(fd(), SHUT_WR);
  ending_ = Ending::half_shut;
  if (whole || ended_) linger();
}

void Connection::linger() {
  if (ended_) return close(end_reason_);
  ending_ = Ending::lingering;
  linger_timer_ =
      reactor().run_after(limits_.linger, [this] { close(end_reason_); });
  update_interest();
}

void Connection::close(CloseReason reason) { reactor().close(id(), reason); }

void Connection::fail(int error_number) {
  if (ending_ == Ending::lingering) return close(end_reason_);
  error_ = error_number;
  close(CloseReason::reset);
}

// While a flush is staged the answer may still go out in this phase; only
// what the kernel refused waits for the poller.
void Connection::update_interest() {
  const bool choking = choked_ && pauses_when_choked();
  const bool held = (paused_ || choking) && !discards_input();
  const Interest interest{.read = !held && !ended_,
                          .write = !output_.empty() && !staged_};
  reactor().set_interest(id(), interest);
}

// Re-armed when it fires, not at each byte: a busy connection costs one timer
// a minute.
void Connection::check_idle() {
  const TimePoint now = reactor().now();
  if (!is_idle() || staged_) last_progress_ = now;
  const TimePoint due = last_progress_ + limits_.idle;
  if (now >= due) return close(CloseReason::idle);
  idle_timer_ = reactor().run_at(due, [this] { check_idle(); });
}

}  // namespace rp
