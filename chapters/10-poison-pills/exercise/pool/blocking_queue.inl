#pragma once

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "pool/blocking_queue.h"

namespace rp {

template <class T>
BlockingQueue<T>::BlockingQueue(std::size_t capacity) : capacity_(capacity) {
  if (capacity == 0) {
    throw std::invalid_argument("a queue needs a capacity of at least 1");
  }
}

template <class T>
bool BlockingQueue<T>::try_push(T&& item) {
  // Exercise 10.2: this draft takes whatever comes, and wakes a consumer while
  // it holds the lock that this one needs. With no room, or the pill in, refuse
  // and leave the item as it was. Else take it, let go of the lock, and wake:
  // in which order you let go and wake, no test sees.
  Lock lock(mutex_);
  items_.push_back(std::move(item));
  item_came_.notify_one();
  return true;
}

template <class T>
bool BlockingQueue<T>::push(T&& item) {
  {
    Lock lock(mutex_);
    while (full() && !poisoned_) room_came_.wait(mutex_);
    if (poisoned_) return false;
    items_.push_back(std::move(item));
  }
  item_came_.notify_one();
  return true;
}

template <class T>
bool BlockingQueue<T>::try_push_all(std::vector<T>& items) {
  // Exercise 10.2: this draft takes them one by one and does not care which it
  // got. Take all under one lock, or none. Wake as many consumers as there are
  // items, but no more than sleep (sleepers_ counts those). Empty `items`.
  for (T& item : items) try_push(std::move(item));
  items.clear();
  return true;
}

template <class T>
std::optional<T> BlockingQueue<T>::pop() {
  return pop_until(TimePoint::max());
}

template <class T>
std::optional<T> BlockingQueue<T>::pop_until(TimePoint deadline) {
  std::optional<T> item;
  {
    Lock lock(mutex_);
    while (nothing_to_take()) {
      if (!sleep(deadline) && nothing_to_take()) return std::nullopt;
    }
    // Exercise 10.3: is somebody to be sent home, it is this consumer, even if
    // there is an item. Each dismissal is for one.
    if (items_.empty()) return std::nullopt;
    item.emplace(take(items_.begin()));
  }
  room_came_.notify_one();
  return item;
}

template <class T>
std::optional<T> BlockingQueue<T>::try_pop() {
  return take_if([](const T&) { return true; });
}

template <class T>
void BlockingQueue<T>::poison() {
  {
    Lock lock(mutex_);
    poisoned_ = true;
  }
  item_came_.notify_all();
  room_came_.notify_all();
}

template <class T>
void BlockingQueue<T>::dismiss(std::size_t count) {
  // Exercise 10.3: this draft sends all of them home, and for good. Count how
  // many are to go, and see that those who sleep look.
  if (count > 0) poison();
}

template <class T>
template <class Predicate>
std::optional<T> BlockingQueue<T>::take_if(Predicate) {
  // Exercise 10.3: this draft takes the first item, whichever it is. Nothing is
  // taken when none matches; when one is, somebody may wait for its room.
  std::optional<T> item;
  {
    Lock lock(mutex_);
    if (items_.empty()) return std::nullopt;
    item.emplace(take(items_.begin()));
  }
  room_came_.notify_one();
  return item;
}

template <class T>
std::deque<T> BlockingQueue<T>::take_all() {
  std::deque<T> all;
  {
    Lock lock(mutex_);
    all.swap(items_);
  }
  room_came_.notify_all();
  return all;
}

template <class T>
std::size_t BlockingQueue<T>::size() const {
  Lock lock(mutex_);
  return items_.size();
}

template <class T>
bool BlockingQueue<T>::nothing_to_take() const {
  return items_.empty() && !poisoned_ && dismissed_ == 0;
}

// False when the time was over.
template <class T>
bool BlockingQueue<T>::sleep(TimePoint deadline) {
  bool in_time = true;
  ++sleepers_;
  if (deadline == TimePoint::max()) {
    item_came_.wait(mutex_);
  } else {
    in_time = item_came_.wait_until(mutex_, deadline);
  }
  --sleepers_;
  return in_time;
}

template <class T>
T BlockingQueue<T>::take(typename std::deque<T>::iterator place) {
  T item = std::move(*place);
  items_.erase(place);
  return item;
}

}  // namespace rp
