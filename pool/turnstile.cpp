#include "pool/turnstile.h"

#include <utility>

namespace rp {

Turnstile::Turnstile(Reactor& reactor, Executor& inner)
    : reactor_(reactor),
      inner_(inner),
      next_tick_(reactor),
      self_(std::make_shared<Turnstile*>(this)) {}

// By mailbox: perhaps no phase follows, and this may be another thread.
Turnstile::~Turnstile() {
  *self_ = nullptr;
  for (const auto& [id, place] : jobs_) {
    if (place.inner != 0) continue;
    Job& job = groups_.at(place.group).waiting.at(id);
    next_tick_.post([settled = std::move(job.settled)]() mutable {
      settled({Fate::dropped, nullptr});
    });
  }
}

JobId Turnstile::submit(Job job) {
  reactor_.check_thread("Turnstile::submit()");
  const JobId id = ++last_id_;
  const Rule rule = rule_for(job);
  Group* group = nullptr;
  if (rule.group != 0) {
    group = &groups_[rule.group];
    group->at_once = rule.at_once;
  }
  if (group == nullptr || group->through < group->at_once) {
    if (group != nullptr) ++group->through;
    jobs_.emplace_hint(jobs_.end(), id, Place{.group = rule.group});
    let_through(id, std::move(job));
  } else if (rule.room) {
    jobs_.emplace_hint(jobs_.end(), id, Place{.group = rule.group});
    group->waiting.emplace_hint(group->waiting.end(), id, std::move(job));
    ++waiting_;
  } else {
    ++refused_;
    settle_later(std::move(job), Fate::refused);
  }
  return id;
}

// The caller is told last: it may destroy us.
void Turnstile::let_through(JobId id, Job job) {
  job.settled = [self = self_, id,
                 settled = std::move(job.settled)](Settled end) mutable {
    if (*self != nullptr) (*self)->came_out(id);
    settled(std::move(end));
  };
  jobs_.at(id).inner = inner_.submit(std::move(job));
}

void Turnstile::came_out(JobId id) {
  const auto found = jobs_.find(id);
  const GroupId number = found->second.group;
  jobs_.erase(found);
  if (number == 0) return;
  Group& group = groups_.at(number);
  if (!group.waiting.empty()) {
    const JobId next = group.waiting.begin()->first;
    let_through(next, take_out(next));
  } else if (--group.through == 0) {
    groups_.erase(number);
  }
}

Cancelled Turnstile::cancel(JobId id) {
  reactor_.check_thread("Turnstile::cancel()");
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return Cancelled::unknown;
  if (found->second.inner != 0) return inner_.cancel(found->second.inner);
  settle_later(take_out(id), Fate::dropped);
  jobs_.erase(found);
  return Cancelled::dequeued;
}

void Turnstile::abandon(JobId id) {
  reactor_.check_thread("Turnstile::abandon()");
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  if (found->second.inner != 0) {
    inner_.abandon(found->second.inner);
  } else {
    cancel(id);
  }
}

// A group whose jobs wait has others that are through, so it stays.
Job Turnstile::take_out(JobId id) {
  auto& waiting = groups_.at(jobs_.at(id).group).waiting;
  --waiting_;
  return std::move(waiting.extract(id).mapped());
}

void Turnstile::settle_later(Job job, Fate fate) {
  reactor_.at_phase_end([settled = std::move(job.settled), fate]() mutable {
    settled({fate, nullptr});
  });
}

Turnstile::Crowd Turnstile::crowd(GroupId group) const {
  const auto found = groups_.find(group);
  if (found == groups_.end()) return {};
  return {found->second.through, found->second.waiting.size()};
}

}  // namespace rp
