#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "reactor/epoll_poller.h"
#include "reactor/reactor.h"

namespace rp {

namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr std::size_t kSpareStrings = 64;
constexpr std::size_t kSpareBytes = 64 * 1024;

Clock& machine_clock() {
  static SteadyClock clock;
  return clock;
}

}  // namespace

Reactor::Reactor() : Reactor(std::make_unique<EpollPoller>()) {}

Reactor::Reactor(std::unique_ptr<Poller> poller)
    : Reactor(std::move(poller), machine_clock()) {}

Reactor::Reactor(std::unique_ptr<Poller> poller, Clock& clock)
    : poller_(std::move(poller)),
      clock_(clock),
      owner_(std::this_thread::get_id()),
      trace_start_(clock.now()),
      now_(clock.now()),
      read_buffer_(kReadBytes) {}

Reactor::~Reactor() {
  owner_ = std::this_thread::get_id();
  // What these refer to may be gone already.
  phase_end_.clear();
  error_handler_.reset();
  slow_report_.reset();
  trace_ = nullptr;
  while (handles_.size() > 0) {
    close_all(handles_.live_ids());
    close_dead_connections();
  }
}

void Reactor::check_thread(const char* what) const {
  if (std::this_thread::get_id() == owner_) return;
  std::fprintf(stderr,
               "rp::Reactor: %s from a thread that does not own the reactor; "
               "post to a Mailbox instead\n",
               what);
  std::abort();
}

void Reactor::stop() noexcept {
  check_thread("stop()");
  stopping_ = true;
}

void Reactor::drain(Duration deadline) {
  check_thread("drain()");
  if (draining_) return;
  draining_ = true;
  run_after(deadline, [this] { stop(); });
  for (const HandleId id : handles_.live_ids(Lifetime::foreground)) {
    if (find(id)) call_handler(id, "drain", &EventHandler::on_drain);
  }
}

TimerId Reactor::run_after(Duration delay, Task task) {
  return run_at(after(std::max(delay, Duration::zero())), std::move(task));
}

TimerId Reactor::run_at(TimePoint due, Task task) {
  check_thread("run_at()");
  return timers_.add(due, std::move(task));
}

TimerId Reactor::run_every(Duration period, Task task) {
  check_thread("run_every()");
  return timers_.add_repeating(after(period), period, std::move(task));
}

// Far away means: never.
TimePoint Reactor::after(Duration delay) const {
  const TimePoint begin = now();
  return begin + std::min(delay, TimePoint::max() - begin);
}

bool Reactor::cancel(TimerId id) {
  check_thread("cancel()");
  return timers_.cancel(id);
}

HandleId Reactor::add(std::unique_ptr<EventHandler> handler, Interest interest,
                      Lifetime lifetime) {
  check_thread("add()");
  EventHandler* added = handler.get();
  const HandleId id = handles_.insert(std::move(handler), lifetime);
  try {
    watch(handles_.at(id), id, interest);
  } catch (...) {
    handles_.remove(id);
    throw;
  }
  added->reactor_ = this;
  added->id_ = id;
  try {
    added->on_added();
  } catch (...) {
    close(id);
    throw;
  }
  if (draining_ && lifetime == Lifetime::foreground) {
    at_phase_end([this, id] {
      if (find(id)) call_handler(id, "drain", &EventHandler::on_drain);
    });
  }
  return id;
}

void Reactor::set_interest(HandleId id, Interest interest) {
  check_thread("set_interest()");
  if (HandleTable::Slot* slot = handles_.live(id)) watch(*slot, id, interest);
}

void Reactor::watch(HandleTable::Slot& slot, HandleId id, Interest interest) {
  if (slot.interest == interest) return;
  if (!interest.any()) {
    poller_->remove(slot.fd);
  } else if (slot.interest.any()) {
    poller_->modify(slot.fd, id, interest);
  } else {
    poller_->add(slot.fd, id, interest);
  }
  slot.interest = interest;
}

void Reactor::close(HandleId id, CloseReason reason) {
  check_thread("close()");
  HandleTable::Slot* slot = handles_.live(id);
  if (slot == nullptr) return;
  watch(*slot, id, Interest::none());
  slot->dead = true;
  slot->reason = reason;
  dead_.push_back(id);
}

EventHandler* Reactor::find(HandleId id) {
  check_thread("find()");
  const HandleTable::Slot* slot = handles_.live(id);
  return slot != nullptr ? slot->handler.get() : nullptr;
}

std::vector<HandleId> Reactor::open_handles() const {
  check_thread("open_handles()");
  return handles_.live_ids(Lifetime::foreground);
}

void Reactor::at_phase_end(Task task) {
  check_thread("at_phase_end()");
  phase_end_.push_back(std::move(task));
}

void Reactor::on_shutdown(Task task) {
  check_thread("on_shutdown()");
  shutdown_hooks_.push_back(std::move(task));
}

void Reactor::on_error(Function<void(std::exception_ptr)> handler) {
  check_thread("on_error()");
  error_handler_ = std::move(handler);
}

TimePoint Reactor::now() const { return running_ ? now_ : clock_.now(); }

void Reactor::set_trace(TickTrace* trace) {
  check_thread("set_trace()");
  trace_ = trace;
}

void Reactor::on_slow_callback(Duration threshold,
                               Function<void(const TraceEvent&)> report) {
  check_thread("on_slow_callback()");
  slow_threshold_ = threshold;
  slow_report_ = std::move(report);
}

std::span<char> Reactor::read_buffer() { return read_buffer_; }

std::string Reactor::borrow_string() {
  if (strings_.empty()) return {};
  std::string text = std::move(strings_.back());
  strings_.pop_back();
  return text;
}

void Reactor::hand_back(std::string text) {
  text.clear();
  const bool worth_keeping = text.capacity() <= kSpareBytes;
  if (worth_keeping && strings_.size() < kSpareStrings) {
    strings_.push_back(std::move(text));
  }
}

}  // namespace rp
