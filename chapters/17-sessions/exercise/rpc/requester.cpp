#include "rpc/requester.h"

#include <string>
#include <utility>

namespace rp {

Requester::Requester(Reactor& reactor, Send send)
    : reactor_(reactor), send_(std::move(send)) {}

Requester::~Requester() {
  on_change_.reset();
  fail_all(RpcError(kWorkerLost, "the connection has ended"));
}

void Requester::ask(std::string_view method, const Value& params, Done done,
                    Duration timeout) {
  const std::uint64_t id = next_id_++;
  const TimerId timer = reactor_.run_after(timeout, [this, id] {
    settle(id, {RpcError(kDeadlinePassed, "no answer in time"), {}});
  });
  pending_.emplace(id, Pending{std::move(done), timer});
  std::string json = reactor_.borrow_string();
  write_request(json, method, params, id);
  send_(json);
  reactor_.hand_back(std::move(json));
  if (on_change_) on_change_();
}

void Requester::notify(std::string_view method, const Value& params) {
  std::string json = reactor_.borrow_string();
  write_notification(json, method, params);
  send_(json);
  reactor_.hand_back(std::move(json));
}

void Requester::take(const Response& response) {
  // Exercise 17.2: this hands each answer to whoever has asked first. Hand it
  // to whoever has asked by its id; ours are integers from 1 on. An answer that
  // nobody waits for is `unexpected_`.
  if (pending_.empty()) return;
  const std::uint64_t id = pending_.begin()->first;
  if (response.ok) {
    settle(id, {std::nullopt, response.result});
  } else {
    settle(id, {to_error(response.error), {}});
  }
}

void Requester::fail_all(const RpcError& error) {
  const std::uint64_t end = next_id_;
  while (!pending_.empty() && pending_.begin()->first < end) {
    settle(pending_.begin()->first, {error, {}});
  }
}

void Requester::settle(std::uint64_t id, const CallResult& result) {
  auto found = pending_.extract(id);
  reactor_.cancel(found.mapped().timer);
  reactor_.invoke("answer", id, [&] { found.mapped().done(result); });
  if (on_change_) on_change_();
}

}  // namespace rp
