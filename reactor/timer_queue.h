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
/// Thread rule: one thread. Ownership: it owns the callbacks.
class TimerQueue {
 public:
  /// Calls `callback` once, in the first pass at or after `due`. Timers due
  /// at the same instant fire in the order in which they were added. A timer
  /// added during a pass waits for the next one, also when it is due already.
  TimerId add(TimePoint due, Task callback);

  /// Calls it at `first` and then every `period`, without drift: next due =
  /// last due + period. Periods that have passed meanwhile are skipped and
  /// counted. Throws std::invalid_argument unless the period is positive.
  TimerId add_repeating(TimePoint first, Duration period, Task callback);

  /// Takes effect at once, also from a callback, for a neighbour due in the
  /// same pass and for the timer itself. False if the timer was gone.
  bool cancel(TimerId id);

  /// Cancels all.
  void clear();

  bool contains(TimerId id) const;
  std::size_t size() const;
  bool empty() const { return size() == 0; }

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
  struct Entry;
  struct Slot;
};

}  // namespace rp
