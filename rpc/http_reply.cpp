#include "rpc/http_reply.h"

#include <cstdio>
#include <cstdlib>

namespace rp {

// What follows on the connection may destroy it: the old one goes last.
HttpBody& HttpBody::operator=(HttpBody&& other) noexcept {
  const HttpBody old(std::move(*this));
  link_ = std::move(other.link_);
  exchange_ = other.exchange_;
  return *this;
}

void HttpBody::drop() {
  const auto link = std::exchange(link_, nullptr);
  if (link == nullptr || link->connection == nullptr) return;
  link->connection->forget(exchange_);
}

bool HttpBody::gone() const {
  return link_ == nullptr || link_->connection == nullptr ||
         !link_->connection->awaits(exchange_);
}

void HttpBody::write(std::string_view bytes) {
  if (!gone()) link_->connection->write_body(exchange_, bytes);
}

// Empty before it ends: what follows on the connection may destroy it.
void HttpBody::end() {
  const bool over = gone();
  const auto link = std::exchange(link_, nullptr);
  if (!over) link->connection->end_body(exchange_);
}

bool HttpBody::full() const { return !gone() && link_->connection->is_full(); }

void HttpBody::on_ready(Task task) {
  if (!link_) return;
  if (full()) return link_->connection->when_ready(std::move(task));
  link_->reactor.at_phase_end(std::move(task));
}

HttpReply& HttpReply::operator=(HttpReply&& other) noexcept {
  const HttpReply old(std::move(*this));
  link_ = std::move(other.link_);
  exchange_ = other.exchange_;
  return *this;
}

void HttpReply::drop() {
  const auto link = std::exchange(link_, nullptr);
  if (link == nullptr || link->connection == nullptr) return;
  link->connection->forget(exchange_);
}

bool HttpReply::gone() const {
  return link_ == nullptr || link_->connection == nullptr ||
         !link_->connection->awaits(exchange_);
}

std::shared_ptr<HttpLink> HttpReply::owed(const char* what) const {
  if (link_ == nullptr) {
    std::fprintf(stderr, "HttpReply::%s: it has answered already\n", what);
    std::abort();
  }
  return link_;
}

// Empty before it answers: the next request, which comes to its handler then,
// may destroy it. An answer that cannot be written is none.
void HttpReply::send(HttpResponse response) {
  HttpReply mine(owed("send()"), exchange_);
  link_.reset();
  if (mine.gone()) return mine.link_.reset();
  mine.link_->connection->answer(mine.exchange_, std::move(response));
  mine.link_.reset();
}

HttpBody HttpReply::start(const HttpResponse& head,
                          std::optional<std::uint64_t> length) {
  HttpReply mine(owed("start()"), exchange_);
  link_.reset();
  if (!mine.gone()) {
    mine.link_->connection->begin_body(mine.exchange_, head, length);
  }
  return HttpBody(std::move(mine.link_), mine.exchange_);
}

HttpResponse plain_text(int status, std::string body) {
  if (body.empty()) body = std::string(http_reason(status)) + '\n';
  return {.status = status,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"}},
          .body = std::move(body)};
}

}  // namespace rp
