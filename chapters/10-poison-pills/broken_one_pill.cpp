#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

// The pill is an item like the others: whoever takes it goes home. Nobody
// counted, when it was put in, how many workers there are; one goes, and two
// wait for ever. Who ends the program waits for them.
//
// Promise: does not end within 1 s

using Item = std::optional<int>;
constexpr Item kPill = std::nullopt;

class Queue {
 public:
  void push(Item item) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      items_.push_back(item);
    }
    item_came_.notify_one();
  }

  Item pop() {
    std::unique_lock<std::mutex> lock(mutex_);
    item_came_.wait(lock, [this] { return !items_.empty(); });
    const Item item = items_.front();
    items_.pop_front();
    return item;
  }

 private:
  std::mutex mutex_;
  std::condition_variable item_came_;
  std::deque<Item> items_;
};

int main() {
  Queue queue;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i) {
    workers.emplace_back([&queue] {
      while (queue.pop()) {
      }
      std::puts("a worker goes home");
      std::fflush(stdout);
    });
  }
  for (int job = 0; job < 100; ++job) queue.push(job);
  queue.push(kPill);
  for (std::thread& worker : workers) worker.join();
  std::puts("all have gone home");
}
