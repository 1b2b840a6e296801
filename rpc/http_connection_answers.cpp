#include <algorithm>
#include <stdexcept>
#include <utility>

#include "rpc/http_connection.h"
#include "rpc/wire/http_writer.h"

namespace rp {

namespace {

// A larger body is sent as the client reads it.
constexpr std::size_t kPiece = std::size_t{64} * 1024;

}  // namespace

bool HttpConnection::awaits(std::uint64_t exchange) const {
  return exchange_.open && exchange_.number == exchange;
}

void HttpConnection::answer(std::uint64_t exchange, HttpResponse response) {
  begin_body(exchange, response, response.body.size());
  if (!awaits(exchange)) return;
  rest_ = std::move(response.body);
  send_rest();
}

void HttpConnection::begin_body(std::uint64_t exchange,
                                const HttpResponse& head,
                                std::optional<std::uint64_t> length) {
  if (!awaits(exchange)) return;
  if (head.status < 200) {
    throw std::invalid_argument("HTTP: an answer is a final response");
  }
  send_head(head, length, may_go_on());
  if (!exchange_.answer.has_body()) end_exchange(false);
}

bool HttpConnection::may_go_on() const {
  return exchange_.is_whole && parser_.keeps_alive() && !reactor().draining();
}

void HttpConnection::send_head(const HttpResponse& head,
                               std::optional<std::uint64_t> length,
                               bool may_go_on) {
  std::string out = reactor().borrow_string();
  exchange_.answer.begin(out, head, length, may_go_on, site_.date());
  send(out);
  reactor().hand_back(std::move(out));
}

void HttpConnection::write_body(std::uint64_t exchange,
                                std::string_view bytes) {
  if (!awaits(exchange)) return;
  if (!exchange_.answer.count(bytes.size())) return end_exchange(true);
  if (!exchange_.answer.is_chunked()) return send(bytes);
  std::string chunk = reactor().borrow_string();
  write_chunk(chunk, bytes);
  send(chunk);
  reactor().hand_back(std::move(chunk));
}

void HttpConnection::end_body(std::uint64_t exchange) {
  if (!awaits(exchange)) return;
  if (exchange_.answer.is_chunked()) {
    std::string last;
    write_last_chunk(last);
    send(last);
  }
  end_exchange(!exchange_.answer.is_whole());
}

// A handler that throws drops what it answers by, too: what it threw says more.
void HttpConnection::forget(std::uint64_t exchange) {
  if (!awaits(exchange)) return;
  if (handling_) {
    forgotten_ = true;
    return;
  }
  ++site_.stats().failed;
  const bool usual = exchange_.is_whole && exchange_.answer.status() == 0;
  if (usual) return answer(exchange, plain_text(500));
  refuse(plain_text(500), CloseReason::local);
}

void HttpConnection::refuse(HttpResponse response, CloseReason reason) {
  if (!exchange_.open) open_exchange({});
  if (exchange_.answer.status() != 0) return end_exchange(true);
  reason_ = reason;
  exchange_.is_whole = false;
  answer(exchange_.number, std::move(response));
}

void HttpConnection::when_ready(Task task) { ready_ = std::move(task); }

void HttpConnection::send_rest() {
  while (rest_sent_ < rest_.size() && !choked()) {
    const auto piece = std::string_view(rest_).substr(rest_sent_, kPiece);
    rest_sent_ += piece.size();
    write_body(exchange_.number, piece);
  }
  if (rest_sent_ < rest_.size()) return;
  rest_sent_ = 0;
  rest_ = {};
  end_body(exchange_.number);
}

// Requests that have waited for room come after who waits for it.
void HttpConnection::on_unchoked() {
  if (takeover_) return takeover_->on_unchoked();
  if (!rest_.empty()) send_rest();
  if (ready_ && !choked()) std::exchange(ready_, {})();
  take_events();
}

void HttpConnection::end_exchange(bool cut) {
  if (cut) exchange_.answer.cut();
  exchange_.open = false;
  tell(cut);
  bury_taker();
  body_ = {};
  held_ = false;
  owes_continue_ = false;
  if (exchange_.answer.goes_on() && !reactor().draining()) {
    return take_events();
  }
  const CloseReason usual =
      reactor().draining() ? CloseReason::drained : CloseReason::local;
  end(reason_ == CloseReason::local ? usual : reason_);
}

void HttpConnection::tell(bool cut) {
  if (!site_.is_watched()) return;
  site_.tell({.method = exchange_.method,
              .path = exchange_.path,
              .status = exchange_.answer.status(),
              .bytes = exchange_.answer.sent(),
              .duration = reactor().clock().now() - exchange_.begun,
              .peer = peer(),
              .cut = cut,
              .error = exchange_.error});
}

// It may be running: its own call may have led here.
void HttpConnection::bury_taker() {
  if (intake_) intake_->part();
  if (!taker_) return;
  reactor().at_phase_end(
      [intake = std::move(intake_), taker = std::move(taker_)]() mutable {
        taker.reset();
      });
}

void HttpConnection::end(CloseReason reason) {
  closing_ = true;
  stop_timing();
  close_after_sending(reason);
  if (!std::exchange(exchange_.open, false)) return;
  bury_taker();
  tell(true);
}

void HttpConnection::on_drain() {
  if (takeover_) return takeover_->on_drain();
  if (exchange_.open) return;
  if (!parser_.partial()) return end(CloseReason::drained);
  refuse(plain_text(503), CloseReason::drained);
}

// Whoever does not read what is sent is idle, however much is owed. Whom we
// have just begun to read from again is not, though nothing has come.
bool HttpConnection::is_idle() const {
  if (takeover_) return takeover_->is_idle();
  if (unsent() > 0) return true;
  const bool just_released = reactor().now() < released_ + limits().idle;
  return !is_answering() && !held_ && !just_released;
}

void HttpConnection::on_disconnect(CloseReason reason) {
  link_->connection = nullptr;
  stop_timing();
  reactor().cancel(turn_);
  if (takeover_) return takeover_->on_disconnect(reason);
  if (std::exchange(exchange_.open, false)) tell(true);
  if (intake_) intake_->part();
  taker_.reset();
  if (ready_) reactor().at_phase_end(std::move(ready_));
}

void HttpConnection::time_the_request() {
  const bool waits = parser_.partial() && !held_ && !is_answering();
  if (closing_ || !waits) return stop_timing();
  const Duration left = time_left();
  if (timer_ || left == Duration::zero()) return;
  timed_since_ = reactor().now();
  timer_ = reactor().run_after(left, [this] { request_is_late(); });
}

// Zero: no limit.
Duration HttpConnection::time_left() const {
  if (!taker_) return site_.options().receive;
  const StreamLimits& limits = std::get<HttpStreamRoute*>(plan_)->limits;
  return limits.least_rate > 0 ? window_left_ : Duration::zero();
}

void HttpConnection::spend_window() {
  const Duration spent = reactor().now() - timed_since_;
  window_left_ = std::max(window_left_ - spent, Duration(1));
}

void HttpConnection::request_is_late() {
  timer_ = {};
  if (!comes_fast_enough()) {
    ++site_.stats().too_slow;
    return refuse(plain_text(408), CloseReason::too_slow);
  }
  came_ = 0;
  window_left_ = std::get<HttpStreamRoute*>(plan_)->limits.window;
  time_the_request();
}

bool HttpConnection::comes_fast_enough() const {
  if (!taker_) return false;
  const StreamLimits& limits = std::get<HttpStreamRoute*>(plan_)->limits;
  const std::chrono::duration<double> window = limits.window;
  const double wanted = static_cast<double>(limits.least_rate) * window.count();
  return static_cast<double>(came_) >= wanted;
}

void HttpConnection::stop_timing() {
  reactor().cancel(std::exchange(timer_, {}));
}

}  // namespace rp
