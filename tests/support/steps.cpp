#include "tests/support/steps.h"

#include <chrono>
#include <thread>
#include <utility>

namespace rp {

Steps& Steps::until(Function<bool()> condition) {
  steps_.push_back({.condition = std::move(condition)});
  return *this;
}

Steps& Steps::then(Task act) {
  steps_.push_back({.act = std::move(act)});
  return *this;
}

Steps& Steps::pass(Duration time) {
  steps_.push_back({.pause = time});
  return *this;
}

bool Steps::run() {
  patience_ = SteadyClock().now() + std::chrono::seconds(30);
  reactor_.run([this] { go_on(); });
  return steps_.empty();
}

void Steps::go_on() {
  while (!steps_.empty()) {
    if (is_held_up(steps_.front())) return;
    Step step = std::move(steps_.front());
    steps_.pop_front();
    if (step.act) step.act();
    if (step.pause != Duration::zero()) {
      reactor_.run_after(step.pause, [this] { go_on(); });
      return;
    }
  }
  reactor_.stop();
}

bool Steps::is_held_up(Step& step) {
  if (!step.condition || step.condition()) return false;
  if (SteadyClock().now() > patience_) {
    reactor_.stop();
  } else {
    std::this_thread::yield();
    reactor_.at_phase_end([this] { go_on(); });
  }
  return true;
}

}  // namespace rp
