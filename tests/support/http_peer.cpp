#include "tests/support/http_peer.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "reactor/socket.h"
#include "rpc/wire/http_writer.h"

namespace rp {

namespace {

constexpr HttpLimits kAnyLength{.body = std::uint64_t{1} << 40};

}  // namespace

HttpPeer::HttpPeer(UniqueFd fd)
    : fd_(std::move(fd)),
      parser_(std::make_unique<HttpResponseParser>(kAnyLength)) {
  set_blocking(fd_.get(), false);
}

void HttpPeer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) return;
    if (count < 0) throw_errno("send to the server under test");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void HttpPeer::end_input() { ::shutdown(fd_.get(), SHUT_WR); }

Function<bool()> HttpPeer::has(std::size_t answers) {
  return [this, answers] { return ended() || answers_.size() >= answers; };
}

Function<bool()> HttpPeer::has_ended() {
  return [this] { return ended(); };
}

const std::vector<HttpResponse>& HttpPeer::answers() {
  read_what_came();
  return answers_;
}

const std::string& HttpPeer::begun() {
  read_what_came();
  return body_;
}

const std::string& HttpPeer::raw() {
  read_what_came();
  return raw_;
}

bool HttpPeer::ended() {
  read_what_came();
  return ended_;
}

bool HttpPeer::was_cut() {
  read_what_came();
  return cut_;
}

void HttpPeer::read_what_came() {
  std::array<char, 65536> bytes;
  while (!ended_) {
    const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), 0);
    if (count < 0 && errno == EAGAIN) return;
    ended_ = count <= 0;
    if (ended_) {
      parser_->feed_end();
    } else {
      raw_.append(bytes.data(), static_cast<std::size_t>(count));
      parser_->feed({bytes.data(), static_cast<std::size_t>(count)});
    }
    for (;;) {
      if (!parser_->partial() && !expected_.empty()) {
        parser_->expect(expected_.front());
      }
      const HttpEvent event = parser_->next();
      take(event);
      const bool more = event.kind != HttpEvent::kNothingYet &&
                        event.kind != HttpEvent::kError;
      if (!more) break;
    }
  }
}

void HttpPeer::take(const HttpEvent& event) {
  if (event.kind == HttpEvent::kBody) body_.append(event.bytes);
  if (event.kind == HttpEvent::kError) cut_ = true;
  if (event.kind != HttpEvent::kEnd) return;
  answers_.push_back(std::move(parser_->response()));
  answers_.back().body = std::exchange(body_, {});
  const bool interim = answers_.back().status < 200;
  if (!interim && !expected_.empty()) expected_.pop_front();
}

std::string http_request(std::string_view method, std::string_view target,
                         HttpFields fields, std::string body) {
  fields.insert(fields.begin(), {"Host", "localhost"});
  std::string bytes;
  write_request(bytes, {.method = std::string(method),
                        .target = std::string(target),
                        .fields = std::move(fields),
                        .body = std::move(body)});
  return bytes;
}

std::string get(std::string_view target, HttpFields fields) {
  return http_request("GET", target, std::move(fields));
}

std::string post(std::string_view target, std::string body, HttpFields fields) {
  return http_request("POST", target, std::move(fields), std::move(body));
}

std::string post_head(std::string_view target, std::uint64_t length,
                      HttpFields fields) {
  fields.insert(fields.begin(), {"Host", "localhost"});
  std::string bytes;
  write_request_head(bytes,
                     {.method = "POST",
                      .target = std::string(target),
                      .fields = std::move(fields)},
                     length);
  return bytes;
}

}  // namespace rp
