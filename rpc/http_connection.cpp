#include "rpc/http_connection.h"

#include <chrono>
#include <exception>
#include <stdexcept>
#include <utility>

#include "rpc/wire/http_writer.h"

namespace rp {

namespace {

// A request is two events or more.
constexpr int kEventsAtOnce = 32;

std::string words_of(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

}  // namespace

HttpConnection::HttpConnection(UniqueFd fd, const Address& peer, HttpSite& site)
    : Connection(std::move(fd), peer, site.options().connection),
      site_(site),
      parser_(site.options().http),
      link_(std::make_shared<HttpLink>(HttpLink{this, site.reactor(), peer})) {
  ++site_.stats().connections;
}

// What comes behind a request that is being answered waits in the parser, at
// most one reading; the next waits with the peer. (Not to read at all would
// be not to notice that the peer goes away.)
void HttpConnection::on_data(std::string_view bytes) {
  if (takeover_) return takeover_->on_data(bytes);
  if (closing_) return;
  if (is_answering()) pause();
  parser_.feed(bytes);
  take_events();
}

void HttpConnection::on_end() {
  if (takeover_) return takeover_->on_end();
  take_events();
}

// Also called when there is an answer, or room: requests may wait. Whatever is
// thrown must not leave the parser with bytes that are not ours.
void HttpConnection::take_events() {
  if (std::exchange(taking_, true)) return;
  struct Taking {
    ~Taking() {
      connection.taking_ = false;
      if (!connection.takeover_) connection.parser_.keep();
    }
    HttpConnection& connection;
  };
  {
    const Taking taking{*this};
    int taken = 0;
    while (can_take() && take_one()) {
      if (++taken == kEventsAtOnce && can_take()) yield();
    }
  }
  if (can_take() && paused()) resume();
  time_the_request();
}

// One reading may hold a thousand requests. No more is read meanwhile.
void HttpConnection::yield() {
  pause();
  turn_ = reactor().run_after(Duration::zero(), [this] {
    turn_ = {};
    take_events();
  });
}

bool HttpConnection::can_take() {
  return !closing_ && !takeover_ && !turn_ && !held_ && !is_answering() &&
         !choked() && reactor().find(id()) != nullptr;
}

// False when there is no more for now.
bool HttpConnection::take_one() {
  const HttpEvent event = parser_.next();
  switch (event.kind) {
    case HttpEvent::kHead:
      begin_exchange();
      return true;
    case HttpEvent::kBody:
      take_body(event.bytes);
      return true;
    case HttpEvent::kEnd:
      end_request();
      return true;
    case HttpEvent::kError:
      ++site_.stats().malformed;
      refuse(plain_text(event.status, event.what + '\n'),
             CloseReason::protocol);
      return false;
    case HttpEvent::kNothingYet:
      break;
  }
  wait_for_more();
  return false;
}

void HttpConnection::wait_for_more() {
  if (ended()) return end_of_requests();
  if (std::exchange(owes_continue_, false)) {
    send("HTTP/1.1 100 Continue\r\n\r\n");
  }
}

void HttpConnection::end_of_requests() {
  if (!parser_.partial()) return end(CloseReason::peer);
  refuse(plain_text(400, "the stream ended within a message\n"),
         CloseReason::peer);
}

void HttpConnection::open_exchange(const HttpRequest& request) {
  exchange_ = {.number = exchange_.number + 1,
               .open = true,
               .answer = HttpAnswer(request),
               .begun = reactor().now()};
}

void HttpConnection::begin_exchange() {
  const HttpRequest& request = parser_.request();
  ++site_.stats().requests;
  open_exchange(request);
  if (site_.is_watched()) {
    exchange_.method = request.method;
    exchange_.path = request.path();
  }
  owes_continue_ = parser_.expects_continue();
  plan_ = plan();
  if (auto* stream = std::get_if<HttpStreamRoute*>(&plan_)) {
    run_handler([this, stream = *stream] { start_taker(*stream); });
  }
  auto* refusal = std::get_if<HttpResponse>(&plan_);
  if (refusal == nullptr || !body_is_owed()) return;
  run_handler(
      [this, refusal] { refuse(std::move(*refusal), CloseReason::local); });
}

bool HttpConnection::body_is_owed() const {
  return parser_.has_body() && parser_.body_length() != 0;
}

HttpRoutes::Found HttpConnection::plan() {
  const HttpRequest& request = parser_.request();
  if (auto refusal = site_.refusal(request)) return std::move(*refusal);
  HttpRoutes::Found found = site_.routes().find(request);
  if (std::holds_alternative<HttpResponse>(found)) return found;
  if (wants_body(request.method) && !parser_.has_body()) return plain_text(411);
  if (auto* stream = std::get_if<HttpStreamRoute*>(&found)) {
    const std::uint64_t limit = (*stream)->limits.body;
    if (parser_.body_length().value_or(0) > limit) {
      ++site_.stats().malformed;
      return plain_text(
          413, "a body of more than " + std::to_string(limit) + " bytes\n");
    }
    parser_.limit_body(limit);
  }
  if (std::holds_alternative<HttpUpgradeRoute*>(found) && body_is_owed()) {
    return plain_text(400, "a body before the upgrade\n");
  }
  return found;
}

// From here on the body has a least rate, instead of a time for all of it.
void HttpConnection::start_taker(HttpStreamRoute& route) {
  const std::uint64_t number = exchange_.number;
  intake_ = std::make_unique<Intake>(*this);
  HttpStart start = route.make(parser_.request(), *intake_);
  if (!awaits(number)) return;
  if (auto* refusal = std::get_if<HttpResponse>(&start)) {
    plan_ = std::move(*refusal);
    held_ = false;
    return;
  }
  taker_ = std::move(std::get<std::unique_ptr<HttpTaker>>(start));
  if (!taker_) throw std::logic_error("a streaming route made no taker");
  stop_timing();
  came_ = 0;
  window_left_ = route.limits.window;
}

void HttpConnection::take_body(std::string_view bytes) {
  owes_continue_ = false;
  if (!taker_) {
    body_.append(bytes);
    return;
  }
  came_ += bytes.size();
  run_handler([this, bytes] { taker_->on_body(bytes); });
}

void HttpConnection::hold_body(bool held) {
  held_ = held;
  if (held) {
    if (timer_) spend_window();
    stop_timing();
    pause();
  } else {
    released_ = reactor().now();
    take_events();
  }
}

void HttpConnection::end_request() {
  exchange_.is_whole = true;
  owes_continue_ = false;
  stop_timing();
  run_handler([this] { serve_request(); });
  if (takeover_) hand_over();
}

// A refusal comes from a route, too: it may be one that cannot be written.
void HttpConnection::serve_request() {
  if (auto* refusal = std::get_if<HttpResponse>(&plan_)) {
    return answer(exchange_.number, std::move(*refusal));
  }
  if (taker_) return taker_->on_end(HttpReply(link_, exchange_.number));
  HttpRequest request = std::move(parser_.request());
  request.body = std::exchange(body_, {});
  if (auto* upgrade = std::get_if<HttpUpgradeRoute*>(&plan_)) {
    return run_upgrade(**upgrade, request);
  }
  HttpHandler& handler = *std::get<HttpHandler*>(plan_);
  handler.serve(std::move(request), HttpReply(link_, exchange_.number));
}

// Traced and timed as a callback of the loop. What is thrown when the answer
// was given cannot be told with it: it is the loop's.
void HttpConnection::run_handler(Task task) {
  const std::uint64_t number = exchange_.number;
  handling_ = true;
  forgotten_ = false;
  const bool goes_on = reactor().invoke("request", number, [&] {
    try {
      task();
    } catch (...) {
      if (!awaits(number) || !rest_.empty()) throw;
      forgotten_ = true;
      exchange_.error = words_of(std::current_exception());
    }
  });
  handling_ = false;
  if (forgotten_) forget(number);
  if (!goes_on) close(CloseReason::shutdown);
}

void HttpConnection::run_upgrade(HttpUpgradeRoute& route,
                                 const HttpRequest& request) {
  HttpUpgrade upgrade = route.make(request);
  const bool agreed = upgrade.response.status == 101 && upgrade.takeover;
  if (!agreed) return answer(exchange_.number, std::move(upgrade.response));
  send_head(upgrade.response, {}, true);
  tell(false);
  exchange_.open = false;
  takeover_ = std::move(upgrade.takeover);
}

// No handler runs any more: what is thrown from here on is the loop's.
void HttpConnection::hand_over() {
  const auto call = [this](Task task) {
    return reactor().invoke("upgrade", id().number(), std::move(task));
  };
  if (paused()) resume();
  const std::string rest(parser_.rest());
  bool started = false;
  call([&] {
    takeover_->on_start(*this);
    started = true;
  });
  if (!started) return close();
  if (!rest.empty() && !call([&] { takeover_->on_data(rest); })) return;
  if (ended() && !call([this] { takeover_->on_end(); })) return;
  if (reactor().draining()) call([this] { takeover_->on_drain(); });
}

void HttpConnection::Intake::hold(bool held) {
  if (connection_ != nullptr) connection_->hold_body(held);
}

void HttpConnection::Intake::refuse(HttpResponse response) {
  if (connection_ == nullptr) return;
  connection_->refuse(std::move(response), CloseReason::local);
}

}  // namespace rp
