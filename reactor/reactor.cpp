#include "reactor/reactor.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace rp {

/// Names the phase while it lasts and ends it, whatever happened in it.
class Reactor::Phase {
 public:
  Phase(Reactor& reactor, std::string_view name) : reactor_(reactor) {
    reactor_.phase_ = name;
    if (reactor_.trace_ != nullptr) {
      reactor_.record(reactor_.clock_.now(), "begin", 0, {});
    }
  }
  ~Phase() {
    reactor_.end_phase();
    reactor_.phase_ = "-";
  }
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

 private:
  Reactor& reactor_;
};

bool Reactor::tick() {
  if (stop_was_called()) return false;
  trigger_time_based_events();

  if (stop_was_called()) return false;
  select_handles();

  if (stop_was_called()) return false;
  close_dead_connections();
  return true;
}

bool Reactor::stop_was_called() {
  if (trace_ != nullptr) {
    phase_ = "stop?";
    record(clock_.now(), "check", 0, {});
    phase_ = "-";
  }
  const bool drained = draining_ && handles_.foreground() == 0;
  return stopping_ || drained || failure_ != nullptr;
}

void Reactor::trigger_time_based_events() {
  now_ = clock_.now();
  if (woke_) stats_.tick_length.record(now_ - *woke_);
  Phase phase(*this, "timers");
  timers_.begin_pass(now_);
  while (const auto id = timers_.next_in_pass()) {
    stats_.timer_lateness.record(now_ - timers_.due_in_pass());
    timer_ran_ = true;
    const std::uint64_t number = HandleId{id->slot, id->generation}.number();
    if (!invoke("timer", number, [this] { timers_.run_next(); })) return;
  }
}

void Reactor::select_handles() {
  Phase phase(*this, "handles");
  const TimePoint begin = trace_ != nullptr ? clock_.now() : now_;
  poller_->wait(longest_wait(), ready_);
  now_ = clock_.now();
  woke_ = now_;
  if (trace_ != nullptr) record(begin, "wait", ready_.size(), now_ - begin);
  sort_by_registration();
  for (const Ready& ready : ready_) {
    serve(ready);
    if (failure_) return;
  }
}

void Reactor::close_dead_connections() {
  Phase phase(*this, "dead");
  burying_.clear();
  burying_.swap(dead_);
  for (const HandleId id : burying_) {
    const CloseReason reason = handles_.at(id).reason;
    ++stats_.closed[static_cast<std::size_t>(reason)];
    const std::unique_ptr<EventHandler> handler = handles_.remove(id);
    invoke("closed", id.number(), [&] { handler->on_closed(reason); });
  }
}

// Both pollers report in an order of their own; ours is the same for both.
void Reactor::sort_by_registration() {
  const std::size_t reported = ready_.size();
  std::erase_if(ready_, [this](const Ready& ready) {
    return handles_.live(ready.id) == nullptr;
  });
  stats_.late_events += reported - ready_.size();
  std::sort(ready_.begin(), ready_.end(),
            [this](const Ready& a, const Ready& b) {
              return handles_.at(a.id).order < handles_.at(b.id).order;
            });
}

// The slot is looked up before each call: the one before may have closed or
// paused the handle, or moved the table.
void Reactor::serve(const Ready& ready) {
  const auto* slot = handles_.live(ready.id);
  if (slot == nullptr) ++stats_.late_events;
  if (slot != nullptr && ready.readable && slot->interest.read) {
    call_handler(ready.id, "read", &EventHandler::on_readable);
    slot = handles_.live(ready.id);
  }
  if (slot != nullptr && ready.writable && slot->interest.write && !failure_) {
    call_handler(ready.id, "write", &EventHandler::on_writable);
  }
}

void Reactor::call_handler(HandleId id, std::string_view what,
                           void (EventHandler::*callback)()) {
  EventHandler* handler = find(id);
  invoke(what, id.number(), [handler, callback] { (handler->*callback)(); });
}

std::optional<Duration> Reactor::longest_wait() {
  if (!dead_.empty() || !phase_end_.empty()) return Duration::zero();
  const auto due = timers_.next_due();
  if (!due) return std::nullopt;
  // Callbacks of timers took time; the wait is measured from the present.
  const TimePoint present =
      std::exchange(timer_ran_, false) ? clock_.now() : now_;
  return std::max(Duration::zero(), *due - present);
}

void Reactor::end_phase() {
  ending_phase_.swap(phase_end_);
  for (Task& task : ending_phase_) invoke("phase-end", 0, std::move(task));
  ending_phase_.clear();
}

bool Reactor::invoke(std::string_view what, std::uint64_t id, Task task) {
  const bool timed = trace_ != nullptr || slow_report_;
  const TimePoint begin = timed ? clock_.now() : now_;
  try {
    task();
  } catch (...) {
    handle(std::current_exception());
  }
  if (timed) record(begin, what, id, clock_.now() - begin);
  return failure_ == nullptr;
}

void Reactor::handle(std::exception_ptr error) {
  ++stats_.exceptions;
  if (error_handler_) {
    try {
      error_handler_(error);
      return;
    } catch (...) {
      error = std::current_exception();
    }
  }
  if (!failure_) failure_ = error;
}

void Reactor::record(TimePoint begin, std::string_view what, std::uint64_t id,
                     Duration length) {
  using std::chrono::microseconds;
  const TraceEvent event{
      .time = std::chrono::duration_cast<microseconds>(begin - trace_start_),
      .tick = stats_.ticks,
      .phase = phase_,
      .what = what,
      .id = id,
      .length = std::chrono::duration_cast<microseconds>(length)};
  if (trace_ != nullptr) trace_->record(event);
  const bool is_callback = what != "wait" && what != "begin";
  if (!slow_report_ || !is_callback || length <= slow_threshold_) return;
  try {
    slow_report_(event);
  } catch (...) {
    handle(std::current_exception());
  }
}

void Reactor::run(Task block) {
  if (running_.exchange(true)) {
    std::fputs("rp::Reactor: run() of a reactor that is running\n", stderr);
    std::abort();
  }
  owner_ = std::this_thread::get_id();
  now_ = clock_.now();
  if (block) invoke("block", 0, std::move(block));
  turn();
  clean_up();
  running_ = false;
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Reactor::turn() {
  try {
    do {
      ++stats_.ticks;
    } while (tick());
  } catch (...) {
    // A poller that fails would fail again: no error handler can help.
    if (!failure_) failure_ = std::current_exception();
  }
}

void Reactor::clean_up() {
  while (!shutdown_hooks_.empty()) {
    Task hook = std::move(shutdown_hooks_.back());
    shutdown_hooks_.pop_back();
    invoke("shutdown-hook", 0, std::move(hook));
  }
  end_phase();
  // What on_closed() opens is closed in the next round.
  for (int rounds = 0; handles_.foreground() + dead_.size() > 0; ++rounds) {
    if (rounds == 1000) {
      std::fputs(
          "rp::Reactor: handlers open others without end while the "
          "reactor shuts down\n",
          stderr);
      std::abort();
    }
    close_all(handles_.live_ids(Lifetime::foreground));
    close_dead_connections();
  }
  timers_.clear();
  stopping_ = false;
  draining_ = false;
  woke_.reset();
}

void Reactor::close_all(const std::vector<HandleId>& ids) {
  for (const HandleId id : ids) close(id, CloseReason::shutdown);
}

}  // namespace rp
