#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "reactor/clock.h"
#include "reactor/mutex.h"

namespace rp {

/// A bounded queue between threads, closed by a poison pill. The pill goes in
/// last and stays in: what was queued before it is served, then every
/// consumer meets it and leaves.
///
///     BlockingQueue<int> queue{128};
///     queue.push(7);                                // waits for room
///     while (auto item = queue.pop()) use(*item);   // empty: the pill
///
/// Thread rule: any thread. A producer that must not wait, the loop, uses
/// try_push().
template <class T>
class BlockingQueue {
 public:
  /// At least 1; else std::invalid_argument.
  explicit BlockingQueue(std::size_t capacity);

  /// Adds at the end, or returns false at once when it is full or poisoned;
  /// the item is then left as it was.
  bool try_push(T&& item);

  /// Waits for room. False when it is poisoned, also while it waits.
  bool push(T&& item);

  /// Adds all of `items` under one lock and wakes min(sleeping consumers,
  /// items) of them. All or nothing: false, and nothing taken, when they do
  /// not fit or it is poisoned. Empties `items` when true.
  bool try_push_all(std::vector<T>& items);

  /// Waits for an item. Nothing: the pill, or this consumer was dismissed.
  std::optional<T> pop();

  /// Waits no longer than until `deadline` by the machine's clock. Nothing:
  /// as pop(), or the time is over.
  std::optional<T> pop_until(TimePoint deadline);

  /// Never waits. Nothing: it is empty.
  std::optional<T> try_pop();

  /// Puts the pill in: no more items; waiting producers are told.
  void poison();

  /// Sends `count` consumers home: so many calls of pop(), waiting or next,
  /// return nothing.
  void dismiss(std::size_t count);

  /// Removes the first item for which `matches` holds. It runs under the
  /// lock: it must be quick and must not touch the queue.
  template <class Predicate>
  std::optional<T> take_if(Predicate matches);

  /// Removes and returns all.
  std::deque<T> take_all();

  std::size_t size() const;
  std::size_t capacity() const { return capacity_; }

 private:
  bool full() const REQUIRES(mutex_) { return items_.size() >= capacity_; }
  bool nothing_to_take() const REQUIRES(mutex_);
  bool sleep(TimePoint deadline) REQUIRES(mutex_);
  T take(typename std::deque<T>::iterator place) REQUIRES(mutex_);

  const std::size_t capacity_;
  mutable Mutex mutex_;
  CondVar item_came_;
  CondVar room_came_;
  std::deque<T> items_ GUARDED_BY(mutex_);
  std::size_t sleepers_ GUARDED_BY(mutex_) = 0;  ///< consumers that wait
  std::size_t dismissed_ GUARDED_BY(mutex_) = 0;
  bool poisoned_ GUARDED_BY(mutex_) = false;
};

}  // namespace rp

#include "pool/blocking_queue.inl"
