#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "reactor/function.h"
#include "reactor/poller.h"
#include "tests/support/fake_clock.h"

namespace rp {

/// A poller without a kernel: what each wait reports is written down before.
///
///     ScriptedPoller poller(clock);
///     poller.then({{id, true, false}});             // one wait's answer
///     poller.then([&] { mailbox.post(task); });     // happens inside a wait
///     poller.then_ready(fd, Interest::reading());   // by descriptor
///
/// A wait that finds the script empty lets its time-out pass on the clock and
/// reports nothing; with no time-out it would never end, so it throws
/// std::logic_error, which fails the test instead of hanging it.
///
/// It records what it is asked: `log()` holds a line for each add, modify and
/// remove, `timeouts()` the time-out of each wait.
///
/// Thread rule: the loop's thread. The clock must outlive it.
class ScriptedPoller : public Poller {
 public:
  explicit ScriptedPoller(FakeClock& clock) : clock_(clock) {}

  /// The next wait reports this at once.
  void then(std::vector<Ready> ready);

  /// The next wait runs this and reports nothing.
  void then(Task inside);

  /// The next wait reports the handle that watches `fd` then, as ready for
  /// `what`; nothing if none does.
  void then_ready(int fd, Interest what);

  /// How many waits are still written down.
  std::size_t left() const { return script_.size(); }

  /// "add 5 read", "modify 5 read+write", "remove 5", in order.
  const std::vector<std::string>& log() const { return log_; }

  /// Of each wait so far; nothing for one that may last for ever.
  const std::vector<std::optional<Duration>>& timeouts() const {
    return timeouts_;
  }

  /// What a descriptor waits for now; nothing if it is not watched.
  std::optional<Interest> interest_of(int fd) const;

  std::string_view name() const override { return "scripted"; }
  void add(int fd, HandleId id, Interest interest) override;
  void modify(int fd, HandleId id, Interest interest) override;
  void remove(int fd) override;
  void wait(std::optional<Duration> timeout,
            std::vector<Ready>& ready) override;

 private:
  using Step = Function<void(std::vector<Ready>& ready)>;

  struct Watched {
    HandleId id;
    Interest interest;
  };

  void note(const std::string& verb, int fd, Interest interest);

  FakeClock& clock_;
  std::deque<Step> script_;
  std::map<int, Watched> watched_;
  std::vector<std::string> log_;
  std::vector<std::optional<Duration>> timeouts_;
};

}  // namespace rp
