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
  {
    Lock lock(mutex_);
    if (poisoned_ || full()) return false;
    items_.push_back(std::move(item));
  }
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
  std::size_t wakes = 0;
  {
    Lock lock(mutex_);
    if (poisoned_ || items.size() > capacity_ - items_.size()) return false;
    std::move(items.begin(), items.end(), std::back_inserter(items_));
    wakes = std::min(sleepers_, items.size());
  }
  items.clear();
  // One that was told already and has not woken yet still counts as asleep:
  // it may be told twice, but none is left asleep beside an item.
  while (wakes-- > 0) item_came_.notify_one();
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
    if (dismissed_ > 0) {
      --dismissed_;
      return std::nullopt;
    }
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
  {
    Lock lock(mutex_);
    dismissed_ += count;
  }
  item_came_.notify_all();
}

template <class T>
template <class Predicate>
std::optional<T> BlockingQueue<T>::take_if(Predicate matches) {
  std::optional<T> item;
  {
    Lock lock(mutex_);
    const auto found = std::find_if(items_.begin(), items_.end(), matches);
    if (found == items_.end()) return std::nullopt;
    item.emplace(take(found));
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
