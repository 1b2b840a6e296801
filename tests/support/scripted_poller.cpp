#include "tests/support/scripted_poller.h"

#include <stdexcept>
#include <utility>

namespace rp {

void ScriptedPoller::then(std::vector<Ready> ready) {
  script_.push_back(
      [batch = std::move(ready)](std::vector<Ready>& out) { out = batch; });
}

void ScriptedPoller::then(Task inside) {
  script_.push_back(
      [inside = std::move(inside)](std::vector<Ready>&) mutable { inside(); });
}

void ScriptedPoller::then_ready(int fd, Interest what) {
  script_.push_back([this, fd, what](std::vector<Ready>& out) {
    const auto found = watched_.find(fd);
    if (found == watched_.end()) return;
    out.push_back({found->second.id, what.read, what.write});
  });
}

std::optional<Interest> ScriptedPoller::interest_of(int fd) const {
  const auto found = watched_.find(fd);
  if (found == watched_.end()) return std::nullopt;
  return found->second.interest;
}

void ScriptedPoller::add(int fd, HandleId id, Interest interest) {
  note("add", fd, interest);
  if (!watched_.emplace(fd, Watched{id, interest}).second) {
    throw std::logic_error("scripted: added twice");
  }
}

void ScriptedPoller::modify(int fd, HandleId id, Interest interest) {
  note("modify", fd, interest);
  watched_.at(fd) = {id, interest};
}

void ScriptedPoller::remove(int fd) {
  log_.push_back("remove " + std::to_string(fd));
  if (watched_.erase(fd) == 0) {
    throw std::logic_error("scripted: removed, but not watched");
  }
}

void ScriptedPoller::wait(std::optional<Duration> timeout,
                          std::vector<Ready>& ready) {
  ready.clear();
  timeouts_.push_back(timeout);
  if (!script_.empty()) {
    Step step = std::move(script_.front());
    script_.pop_front();
    step(ready);
    return;
  }
  if (!timeout) throw std::logic_error("scripted: would wait for ever");
  clock_.advance(*timeout);
}

void ScriptedPoller::note(const std::string& verb, int fd, Interest interest) {
  if (!interest.any()) throw std::logic_error("scripted: waits for nothing");
  std::string what = interest.read ? "read" : "";
  if (interest.write) what += interest.read ? "+write" : "write";
  log_.push_back(verb + " " + std::to_string(fd) + " " + what);
}

}  // namespace rp
