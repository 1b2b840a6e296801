#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "reactor/timer_queue.h"

// Random operations on a TimerQueue and on a model of it, which must agree.

namespace rp {
namespace {

using Name = int;

/// What a TimerQueue should do, written for clearness: a sorted map that is
/// searched from end to end.
class Model {
 public:
  void add(Name name, TimePoint due, Duration period) {
    const TimePoint order = std::max(due, pass_time_);
    timers_[{order, next_++}] = {name, due, period};
  }

  bool cancel(Name name) {
    return std::erase_if(timers_, [name](const auto& timer) {
             return timer.second.name == name;
           }) > 0;
  }

  void begin_pass(TimePoint now) {
    pass_time_ = now;
    pass_end_ = next_;
  }

  /// The next timer of the pass; -1 when it is over.
  Name take() {
    for (auto it = timers_.begin(); it != timers_.end(); ++it) {
      const auto [order, sequence] = it->first;
      if (order > pass_time_ || sequence >= pass_end_) continue;
      Timer timer = it->second;
      timers_.erase(it);
      if (timer.period > Duration::zero()) repeat(timer, sequence);
      return timer.name;
    }
    return -1;
  }

  std::size_t size() const { return timers_.size(); }
  std::size_t skipped() const { return skipped_; }

 private:
  struct Timer {
    Name name = 0;
    TimePoint due;
    Duration period{};
  };

  void repeat(Timer timer, int sequence) {
    timer.due += timer.period;
    for (; timer.due <= pass_time_; timer.due += timer.period) ++skipped_;
    timers_[{timer.due, sequence}] = timer;
  }

  std::map<std::pair<TimePoint, int>, Timer> timers_;
  TimePoint pass_time_{};
  int next_ = 0;
  int pass_end_ = 0;
  std::size_t skipped_ = 0;
};

/// Does the same to both. What a callback does follows from its name, so both
/// sides do it at the same moment.
class Twins {
 public:
  explicit Twins(unsigned seed) : random_(seed) {}

  int runs() const { return runs_; }

  void step() {
    switch (pick(0, 3)) {
      case 0:
        return add(pick(0, 50), 0);
      case 1:
        return add(pick(0, 50), pick(0, 3) == 0 ? pick(1, 20) : 0);
      case 2:
        return cancel(pick(0, static_cast<int>(ids_.size())));
      default:
        return pass(pick(0, 15));
    }
  }

 private:
  int pick(int first, int last) {
    return std::uniform_int_distribution<int>(first, last)(random_);
  }

  void add(int wait, int period) {
    const auto name = static_cast<Name>(ids_.size());
    // Some are due in the past.
    const TimePoint due = now_ + Duration{wait - 5};
    Task callback = [this, name] { run(name); };
    model_.add(name, due, Duration{period});
    ids_.push_back(period > 0 ? queue_.add_repeating(due, Duration{period},
                                                     std::move(callback))
                              : queue_.add(due, std::move(callback)));
  }

  void cancel(int name) {
    if (name >= static_cast<int>(ids_.size())) return;
    const bool gone = queue_.cancel(ids_[static_cast<std::size_t>(name)]);
    EXPECT_EQ(gone, model_.cancel(name)) << name;
  }

  void run(Name name) {
    EXPECT_EQ(name, expected_);
    ++runs_;
    if (name % 5 == 0) cancel(name + 1);
    if (name % 7 == 0) cancel(name);
    if (name % 11 == 0) add(0, 0);
  }

  void pass(int wait) {
    now_ += Duration{wait};
    queue_.begin_pass(now_);
    model_.begin_pass(now_);
    while (queue_.next_in_pass()) {
      expected_ = model_.take();
      queue_.run_next();
    }
    EXPECT_EQ(model_.take(), -1);
    EXPECT_EQ(queue_.size(), model_.size());
    EXPECT_EQ(queue_.skipped(), model_.skipped());
  }

  std::mt19937 random_;
  TimePoint now_{Duration{1000}};
  TimerQueue queue_;
  Model model_;
  std::vector<TimerId> ids_;
  Name expected_ = -1;
  int runs_ = 0;
};

TEST(TimerQueueModel, AgreesOnRandomOperations) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Twins twins(seed);
    for (int i = 0; i < 1000; ++i) twins.step();
    EXPECT_GT(twins.runs(), 100);
    if (testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace rp
