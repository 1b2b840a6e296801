#include <algorithm>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

#include "reactor/clock.h"
#include "reactor/timer_queue.h"

// The simpler thing: timers in a vector, sorted by due time and, among ties,
// by the order in which they were set. It keeps the same promises as
// TimerQueue. What it costs to move one timer, which a server does for each
// request that comes in time, is measured below for both.

using namespace std::chrono_literals;

class SortedTimers {
 public:
  struct Id {
    rp::TimePoint due;
    std::uint64_t sequence = 0;
    auto operator<=>(const Id&) const = default;
  };

  Id add(rp::TimePoint due, rp::Task callback) {
    const Id id{due, next_++};
    timers_.insert(find(id), {id, std::move(callback)});
    return id;
  }

  bool cancel(Id id) {
    const auto found = find(id);
    if (found == timers_.end() || found->id != id) return false;
    timers_.erase(found);
    return true;
  }

 private:
  struct Timer {
    Id id;
    rp::Task callback;
  };

  std::vector<Timer>::iterator find(Id id) {
    return std::lower_bound(timers_.begin(), timers_.end(), id,
                            [](const Timer& a, Id b) { return a.id < b; });
  }

  std::vector<Timer> timers_;
  std::uint64_t next_ = 0;
};

template <class Queue, class Id>
static double nanoseconds_to_move_one(int count) {
  Queue queue;
  std::vector<Id> ids;
  const rp::TimePoint begin{1h};
  for (int i = 0; i < count; ++i) ids.push_back(queue.add(begin + i * 1us, {}));
  std::mt19937 random(1);
  const int moves = std::max(1000, 1'000'000 / count);
  rp::SteadyClock clock;
  const rp::TimePoint start = clock.now();
  for (int i = 0; i < moves; ++i) {
    Id& id = ids[random() % ids.size()];
    queue.cancel(id);
    id = queue.add(begin + (random() % ids.size()) * 1us, {});
  }
  return static_cast<double>((clock.now() - start).count()) / moves;
}

int main() {
  std::puts("timers  sorted vector  heap  (ns to cancel one and add one)");
  for (const int count : {10, 100, 1000, 10'000, 100'000}) {
    const double sorted =
        nanoseconds_to_move_one<SortedTimers, SortedTimers::Id>(count);
    const double heap =
        nanoseconds_to_move_one<rp::TimerQueue, rp::TimerId>(count);
    std::printf("%6d  %13.0f  %4.0f\n", count, sorted, heap);
  }
}
