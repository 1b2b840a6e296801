#include "pool/deadlines.h"

#include <utility>

namespace rp {

Deadlines::Deadlines(Reactor& reactor, Executor& inner, Options options)
    : reactor_(reactor),
      inner_(inner),
      options_(options),
      next_run_(reactor),
      self_(std::make_shared<Deadlines*>(this)) {
  keep_deadlines_between_runs();
}

// Timers that are still set find nobody.
Deadlines::~Deadlines() { *self_ = nullptr; }

JobId Deadlines::submit(Job job) {
  reactor_.check_thread("Deadlines::submit()");
  const Duration deadline = job.deadline.value_or(options_.deadline);
  const auto entry = std::make_shared<Entry>();
  entry->owner = self_;
  entry->id = ++stats_.submitted;
  entry->settled = std::move(job.settled);
  // Exercise 13.3: a job whose time is already over must not be started: its
  // caller is told that it expired, but not inside this call.
  jobs_.emplace_hint(jobs_.end(), entry->id, entry);
  entry->due = due_in(deadline);
  set_timer(entry);
  job.settled = [entry](Settled end) { inner_settled(*entry, std::move(end)); };
  entry->inner = inner_.submit(std::move(job));
  return entry->id;
}

// What is longer than time itself is no deadline.
std::optional<TimePoint> Deadlines::due_in(Duration deadline) const {
  const TimePoint now = reactor_.now();
  if (deadline >= TimePoint::max() - now) return std::nullopt;
  return now + deadline;
}

void Deadlines::set_timer(const EntryPtr& entry) {
  if (!entry->due) return;
  entry->timer =
      reactor_.run_at(*entry->due, [entry = std::weak_ptr<Entry>(entry)] {
        const EntryPtr alive = entry.lock();
        if (alive && *alive->owner != nullptr)
          (*alive->owner)->time_out(*alive);
      });
}

void Deadlines::time_out(Entry& entry) {
  // Exercise 13.2: this draft gives up at once: the caller hears that his job
  // was dropped, and a job that would have returned in a moment has cost a
  // worker. Tell him that it expired, ask the job to stop, and abandon it only
  // if it has not returned when the grace is over. What cancel() says decides
  // whether a grace is needed.
  entry.due.reset();
  inner_.abandon(entry.inner);
}

void Deadlines::inner_settled(Entry& entry, Settled end) {
  // Exercise 13.3: the timer and the entry of this job are still there. Let
  // them go, if the owner is still alive.
  if (!entry.told) tell(entry, std::move(end));
}

void Deadlines::tell(Entry& entry, Settled end) {
  entry.told = true;
  if (Deadlines* self = *entry.owner) {
    ++self->stats_.settled[static_cast<std::size_t>(end.fate)];
  }
  auto settled = std::move(entry.settled);
  settled(std::move(end));
}

Deadlines::Entry* Deadlines::open(JobId id) const {
  // Exercise 13.3: nobody may cancel a job whose caller has been told.
  const auto found = jobs_.find(id);
  return found != jobs_.end() ? found->second.get() : nullptr;
}

Cancelled Deadlines::cancel(JobId id) {
  reactor_.check_thread("Deadlines::cancel()");
  const Entry* entry = open(id);
  return entry != nullptr ? inner_.cancel(entry->inner) : Cancelled::unknown;
}

void Deadlines::abandon(JobId id) {
  reactor_.check_thread("Deadlines::abandon()");
  if (const Entry* entry = open(id)) inner_.abandon(entry->inner);
}

// The end of a run takes all timers away; what is posted waits for the next.
void Deadlines::keep_deadlines_between_runs() {
  reactor_.on_shutdown([self = self_] {
    if (*self == nullptr) return;
    (*self)->next_run_.post([self] {
      if (*self != nullptr) (*self)->renew_timers();
    });
  });
}

void Deadlines::renew_timers() {
  for (const auto& [id, entry] : jobs_) {
    reactor_.cancel(entry->timer);
    set_timer(entry);
  }
  keep_deadlines_between_runs();
}

}  // namespace rp
