#include <atomic>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "reactor/epoll_poller.h"
#include "reactor/function.h"

// A list with a lock, and a loop that looks into it once a tick. No task is
// lost and nothing races. But the loop has looked, and waits for a descriptor;
// a list is none, and nobody wakes it.
//
// Promise: does not end within 1 s

class Loop {
 public:
  void post(rp::Task task) {
    const std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
  }

  void run() {
    std::vector<rp::Ready> ready;
    while (!stopped_) {
      run_posted();
      looked_ = true;
      poller_.wait(std::nullopt, ready);
    }
  }

  void stop() { stopped_ = true; }
  bool has_looked() const { return looked_; }

 private:
  void run_posted() {
    std::vector<rp::Task> tasks;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      tasks.swap(tasks_);
    }
    for (rp::Task& task : tasks) task();
  }

  std::mutex mutex_;
  std::vector<rp::Task> tasks_;
  std::atomic<bool> looked_ = false;
  bool stopped_ = false;
  rp::EpollPoller poller_;
};

int main() {
  Loop loop;
  std::thread worker([&loop] {
    while (!loop.has_looked()) std::this_thread::yield();
    loop.post([&loop] { loop.stop(); });
    std::puts("posted: stop");
    std::fflush(stdout);
  });
  loop.run();
  worker.join();
  std::puts("stopped");
}
