#include "reactor/timer_queue.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rp {

TimerId TimerQueue::add(TimePoint due, Task callback) {
  return insert(due, Duration::zero(), std::move(callback));
}

TimerId TimerQueue::add_repeating(TimePoint first, Duration period,
                                  Task callback) {
  if (period <= Duration::zero()) {
    throw std::invalid_argument("timer: the period is not positive");
  }
  return insert(first, period, std::move(callback));
}

bool TimerQueue::cancel(TimerId id) {
  if (!contains(id)) return false;
  erase(slots_[id.slot].place);
  // Destroyed last: what the callback owned may call this queue again.
  const Task callback = release(id.slot);
  return true;
}

void TimerQueue::clear() {
  while (!heap_.empty()) cancel(id_of(heap_.back()));
}

bool TimerQueue::contains(TimerId id) const {
  return id && id.slot < slots_.size() &&
         slots_[id.slot].generation == id.generation;
}

std::optional<TimePoint> TimerQueue::next_due() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front().order;
}

void TimerQueue::begin_pass(TimePoint now) {
  pass_time_ = now;
  pass_end_ = next_sequence_;
}

std::optional<TimerId> TimerQueue::next_in_pass() const {
  if (heap_.empty()) return std::nullopt;
  const Entry& soonest = heap_.front();
  if (soonest.order > pass_time_) return std::nullopt;
  if (soonest.sequence >= pass_end_) return std::nullopt;
  return id_of(soonest);
}

TimePoint TimerQueue::due_in_pass() const {
  return slots_[heap_.front().slot].due;
}

void TimerQueue::run_next() {
  if (!next_in_pass()) return;
  const Slot& slot = slots_[heap_.front().slot];
  if (slot.period == Duration::zero()) {
    run_once();
  } else {
    run_repeating();
  }
}

void TimerQueue::run_once() {
  const std::uint32_t slot = heap_.front().slot;
  erase(0);
  Task callback = release(slot);
  callback();
}

void TimerQueue::run_repeating() {
  // Moved out while it runs: it may cancel itself, and slots may move. It
  // goes back also when it throws.
  struct Borrowed {
    TimerQueue& queue;
    TimerId id;
    Task callback;
    ~Borrowed() {
      if (!queue.contains(id)) return;
      queue.slots_[id.slot].callback = std::move(callback);
    }
  };
  const TimerId id = id_of(heap_.front());
  Slot& slot = slots_[id.slot];
  Borrowed borrowed{*this, id, std::move(slot.callback)};
  advance(slot);
  borrowed.callback();
}

// Exercise 3.3: this drifts. The next due time is the last one plus a whole
// number of periods, after the time of the pass; what is skipped is counted.
void TimerQueue::advance(Slot& slot) {
  slot.due = pass_time_ + std::min(slot.period, TimePoint::max() - pass_time_);
  Entry entry = heap_.front();
  entry.order = slot.due;
  sift_down(0, entry);
}

TimerId TimerQueue::insert(TimePoint due, Duration period, Task callback) {
  const std::uint32_t index = take_slot();
  Slot& slot = slots_[index];
  slot.callback = std::move(callback);
  // No clock tells a time before its epoch; so no difference overflows.
  slot.due = std::max(due, TimePoint{});
  slot.period = period;
  const Entry entry{std::max(due, pass_time_), next_sequence_++, index};
  heap_.push_back(entry);
  sift_up(heap_.size() - 1, entry);
  return {index, slot.generation};
}

std::uint32_t TimerQueue::take_slot() {
  if (first_free_ == kNoSlot) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t index = first_free_;
  first_free_ = slots_[index].place;
  return index;
}

Task TimerQueue::release(std::uint32_t index) {
  Slot& slot = slots_[index];
  // A slot whose generations are used up is never free again.
  if (++slot.generation != 0) slot.place = std::exchange(first_free_, index);
  return std::move(slot.callback);
}

TimerId TimerQueue::id_of(const Entry& entry) const {
  return {entry.slot, slots_[entry.slot].generation};
}

// Exercise 3.2: which of the two fires first? The one that is due earlier; of
// two that are due together, the one that was added earlier.
bool TimerQueue::before(const Entry&, const Entry&) { return false; }

void TimerQueue::put(std::size_t place, const Entry& entry) {
  heap_[place] = entry;
  slots_[entry.slot].place = static_cast<std::uint32_t>(place);
}

// Exercise 3.2: the entry climbs from `place` for as long as it fires before
// its parent; each parent that it overtakes comes down a place.
void TimerQueue::sift_up(std::size_t place, const Entry& entry) {
  put(place, entry);
}

void TimerQueue::sift_down(std::size_t place, const Entry& entry) {
  const std::size_t size = heap_.size();
  for (;;) {
    std::size_t child = 2 * place + 1;
    if (child >= size) break;
    if (child + 1 < size && before(heap_[child + 1], heap_[child])) ++child;
    if (!before(heap_[child], entry)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, entry);
}

// The last entry fills the gap; it may belong above it or below it.
void TimerQueue::erase(std::size_t place) {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && before(last, heap_[(place - 1) / 2])) {
    sift_up(place, last);
  } else {
    sift_down(place, last);
  }
}

}  // namespace rp
