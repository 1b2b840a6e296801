#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

#include "pool/process_workers.h"

// One worker, which serves a line at a time, and two places to wait. Its jobs
// come to every end that there is, and always in the same order.

using namespace std::chrono_literals;

class Story {
 public:
  void begin() {
    submit("crash");
    submit("one");
    submit("two", [this] { grow_late(); });
    submit("three");
    std::puts("submitted");
  }

  rp::Reactor reactor;

 private:
  void grow_late() {
    submit(
        "hang", [this] { submit("four", [this] { cancel_both(); }); }, 200ms);
    submit("behind it", {}, 100ms);
  }
  void cancel_both() {
    const rp::JobId runs = submit("hang again");
    const rp::JobId waits = submit("never");
    cancel(waits);
    cancel(runs);
    submit("five", [this] { finish(); });
  }
  void finish() {
    const auto stats = workers_.stats();
    std::printf("%d children, %d of them killed by us\n",
                static_cast<int>(stats.started),
                static_cast<int>(stats.killed));
    reactor.stop();
  }

  rp::JobId submit(const std::string& line, rp::Task then = {},
                   rp::Duration deadline = 1h) {
    auto told = [line, then = std::move(then)](const auto& end) mutable {
      const std::string text(end.ok() ? end.value() : to_string(end.fate()));
      std::printf("%s: %s\n", line.c_str(), text.c_str());
      if (then) then();
    };
    return workers_.submit(line, std::move(told), deadline);
  }
  void cancel(rp::JobId job) {
    const bool waited = workers_.cancel(job) == rp::Cancelled::dequeued;
    std::puts(waited ? "cancelled, it waited" : "cancelled, it was running");
  }

  // It answers a line with the line in brackets, or not at all.
  rp::ProcessWorkers workers_{
      reactor,
      {.command = {"sh", "-c",
                   "while read -r line; do case $line in "
                   "crash) kill -SEGV $$;; hang*) exec sleep 1000;; "
                   "*) echo \"[$line]\";; esac; done"},
       .workers = 1,
       .capacity = 2,
       .first_pause = 1ms}};
};

int main() {
  Story story;
  story.reactor.run([&story] { story.begin(); });
}
