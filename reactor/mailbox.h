#pragma once

#include <memory>

#include "reactor/function.h"

namespace rp {

class Reactor;

/// The way onto the loop from any other thread. Its one verb is post().
///
///     Mailbox loop{reactor};
///     std::thread worker{[loop] { loop.post([] { puts("on the loop"); }); }};
///
/// Tasks run on the loop's thread, one after another, each thread's in the
/// order in which it posted them; a task posted by a task in the next tick. A
/// post costs no system call while a wake-up is pending. Posts between two
/// runs wait. There is no bound on them: whoever feeds the mailbox has one.
///
/// Thread rule: post() and copies from any thread; the constructor on the
/// loop's. Copies are the same mailbox. It may outlive the reactor.
class Mailbox {
 public:
  /// Hangs the mailbox on the reactor as a background handle.
  explicit Mailbox(Reactor& reactor);

  /// Runs `task` on the loop soon. False when the reactor has ended: the task
  /// is destroyed uncalled, by the caller's thread.
  bool post(Task task) const;

 private:
  class Core;
  class Handler;
  std::shared_ptr<Core> core_;
};

}  // namespace rp
