#pragma once

#include <deque>

#include "reactor/clock.h"
#include "reactor/function.h"
#include "reactor/reactor.h"

namespace rp {

/// What a test does and waits for while the loop turns, step by step, in one
/// run.
///
///     Steps steps{reactor};
///     steps.then([&] { peer.send(line); })
///         .until([&] { return peer.lines() == 1; })
///         .pass(15s)
///         .then([&] { EXPECT_TRUE(peer.ended()); });
///     ASSERT_TRUE(steps.run());
///
/// While it waits for a condition it keeps the loop turning, so that neither
/// the machine's clock nor a fake one has a part in it.
///
/// Thread rule: the loop's thread.
class Steps {
 public:
  explicit Steps(Reactor& reactor) : reactor_(reactor) {}

  /// Waits for real threads, or for bytes on their way.
  Steps& until(Function<bool()> condition);
  Steps& then(Task act);

  /// Lets the loop do what it has to do in so much time of a fake clock.
  Steps& pass(Duration time);

  /// Runs the loop until all is done, then stops it. False when a condition
  /// did not hold within half a minute.
  bool run();

 private:
  struct Step {
    Function<bool()> condition = {};
    Task act = {};
    Duration pause = Duration::zero();
  };

  void go_on();
  bool is_held_up(Step& step);

  Reactor& reactor_;
  std::deque<Step> steps_;
  TimePoint patience_{};
};

}  // namespace rp
