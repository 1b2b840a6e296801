#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reactor/clock.h"
#include "reactor/function.h"

namespace rp {

/// Names one timer for ever: a slot that is used again gets a new
/// generation, so the id of a timer that has fired names nobody.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0: no timer
  bool operator==(const TimerId&) const = default;
  explicit operator bool() const { return generation != 0; }
};

/// The timers of a loop, soonest first. It has no clock and no loop; it is
/// asked with the time.
///
///     timers.add(now + 20ms, [] { puts("20 ms later"); });
///     timers.begin_pass(now);
///     while (timers.next_in_pass()) timers.run_next();
///
/// A binary heap whose entries know their slot, and slots that know their
/// place in the heap: add and cancel are O(log n), and what was cancelled is
/// freed at once.
///
/// Thread rule: one thread. Callbacks may add and cancel timers; they may
/// not run a pass. Ownership: it owns the callbacks.
class TimerQueue {
 public:
  TimerQueue() = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue() { clear(); }

  /// Calls `callback` once, in the first pass at or after `due`. Timers due
  /// at the same instant fire in the order in which they were added. A timer
  /// added during a pass waits for the next one, also when it is due already;
  /// one that was due before the latest pass counts as due with that pass.
  TimerId add(TimePoint due, Task callback);

  /// Calls it at `first` and then every `period`, without drift: next due =
  /// last due + period. Periods that have passed meanwhile are skipped and
  /// counted. Throws std::invalid_argument unless the period is positive.
  TimerId add_repeating(TimePoint first, Duration period, Task callback);

  /// Takes effect at once, also from a callback, for a neighbour due in the
  /// same pass and for the timer itself. False if the timer was gone.
  bool cancel(TimerId id);

  /// Cancels all, also during a pass.
  void clear();

  /// Whether it will fire (again). A timer that runs once is gone when its
  /// callback begins.
  bool contains(TimerId id) const;
  std::size_t size() const { return heap_.size(); }
  bool empty() const { return heap_.empty(); }

  /// When the soonest timer is due; nothing when there is none.
  std::optional<TimePoint> next_due() const;

  /// How many periods of repeating timers were skipped so far.
  std::uint64_t skipped() const { return skipped_; }

  /// Begins a pass: what is due at `now` and was added before this call.
  void begin_pass(TimePoint now);

  /// The timer that run_next() would run; nothing when the pass is over.
  std::optional<TimerId> next_in_pass() const;

  /// When that timer was due (only while next_in_pass() has one).
  TimePoint due_in_pass() const;

  /// Runs the next timer of the pass. If the callback throws, the exception
  /// comes out, and the pass can be resumed by calling again. A repeating
  /// timer has its next due time before its callback runs.
  void run_next();

 private:
  /// A place in the heap. `order` is the due time, but never before the pass
  /// in which the timer was added: so what is in a pass sorts before what was
  /// added during it.
  struct Entry {
    TimePoint order;
    std::uint64_t sequence = 0;
    std::uint32_t slot = 0;
  };

  struct Slot {
    Task callback;
    TimePoint due;
    Duration period{};             ///< zero: runs once
    std::uint32_t generation = 1;  ///< of the timer that is here or comes next
    std::uint32_t place = 0;       ///< in the heap; while free: the next free
  };

  static constexpr std::uint32_t kNoSlot = 0xffffffff;

  TimerId insert(TimePoint due, Duration period, Task callback);
  std::uint32_t take_slot();
  Task release(std::uint32_t slot);
  TimerId id_of(const Entry& entry) const;

  static bool before(const Entry& a, const Entry& b);
  void put(std::size_t place, const Entry& entry);
  void sift_up(std::size_t place, const Entry& entry);
  void sift_down(std::size_t place, const Entry& entry);
  void erase(std::size_t place);

  void advance(Slot& slot);
  void run_once();
  void run_repeating();

  std::vector<Entry> heap_;
  std::vector<Slot> slots_;
  std::uint32_t first_free_ = kNoSlot;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t skipped_ = 0;
  TimePoint pass_time_{};       ///< of the latest pass
  std::uint64_t pass_end_ = 0;  ///< first sequence that is not in it
};

}  // namespace rp
