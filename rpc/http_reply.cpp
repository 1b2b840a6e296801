#include "rpc/http_reply.h"

#include <cstdio>
#include <cstdlib>

namespace rp {

HttpBody& HttpBody::operator=(HttpBody&& other) noexcept {
  drop();
  link_ = std::move(other.link_);
  exchange_ = other.exchange_;
  return *this;
}

void HttpBody::drop() {
  const auto link = std::exchange(link_, nullptr);
  if (link == nullptr || link->connection == nullptr) return;
  link->connection->end_body(exchange_, false);
}

bool HttpBody::gone() const {
  return link_ == nullptr || link_->connection == nullptr ||
         !link_->connection->awaits(exchange_);
}

void HttpBody::write(std::string_view bytes) {
  if (!gone()) link_->connection->write_body(exchange_, bytes);
}

void HttpBody::end() {
  if (!gone()) link_->connection->end_body(exchange_, true);
  link_.reset();
}

bool HttpBody::full() const { return !gone() && link_->connection->is_full(); }

void HttpBody::on_ready(Task task) {
  if (!link_) return;
  if (full()) return link_->connection->when_ready(std::move(task));
  link_->reactor.at_phase_end(std::move(task));
}

HttpReply& HttpReply::operator=(HttpReply&& other) noexcept {
  drop();
  link_ = std::move(other.link_);
  exchange_ = other.exchange_;
  return *this;
}

void HttpReply::drop() {
  const auto link = std::exchange(link_, nullptr);
  if (link == nullptr || link->connection == nullptr) return;
  link->connection->answer(exchange_, plain_text(500));
}

bool HttpReply::gone() const {
  return link_ == nullptr || link_->connection == nullptr ||
         !link_->connection->awaits(exchange_);
}

HttpLink& HttpReply::owed(const char* what) const {
  if (link_ == nullptr) {
    std::fprintf(stderr, "HttpReply::%s: it has answered already\n", what);
    std::abort();
  }
  return *link_;
}

// An answer that cannot be written throws, and then it is still owed.
void HttpReply::send(HttpResponse response) {
  HttpLink& link = owed("send()");
  if (!gone()) link.connection->answer(exchange_, std::move(response));
  link_.reset();
}

HttpBody HttpReply::start(const HttpResponse& head,
                          std::optional<std::uint64_t> length) {
  HttpLink& link = owed("start()");
  if (!gone()) link.connection->begin_body(exchange_, head, length);
  return HttpBody(std::move(link_), exchange_);
}

HttpResponse plain_text(int status, std::string body) {
  if (body.empty()) body = std::string(http_reason(status)) + '\n';
  return {.status = status,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = std::move(body)};
}

}  // namespace rp
