#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "reactor/reactor.h"
#include "reactor/recent.h"

namespace rp {

/// How a loop feels from inside, in the last seconds: how late its timers come,
/// how long its ticks take, and which callbacks were slow.
///
///     LoopWatch watch{reactor};
///     reactor.on_slow_callback(100ms, [&](const TraceEvent& event) {
///       watch.slow(event, methods.last()); });
///     watch.look();
///     page(watch.lag().percentile(99));
///
/// **Lag** is measured by a timer of its own, every `probe`. When a callback
/// blocks the loop for half a second, the timer comes once, 450 ms late; but
/// whoever had come in between would have waited as well. So each of the times
/// at which it should have come counts. It measures while somebody has looked
/// in the last `look`: an idle loop that nobody looks at sleeps.
///
/// **Ticks** are counted from the return of the wait to the next tick, as the
/// reactor does; what timers take is seen in the lag of the next ones.
///
/// Thread rule: the loop's thread. The reactor must outlive it.
class LoopWatch {
 public:
  struct Options {
    Duration probe = std::chrono::milliseconds(50);
    Duration look = std::chrono::seconds(5);
    std::size_t slow = 32;  ///< kinds of slow callbacks that are kept
  };

  /// A callback that was slow, or several of one name.
  struct Slow {
    std::string what;  ///< "call", "timer", "read", ...
    std::string name;  ///< of a call: the method; else ""
    std::uint64_t id = 0;
    Duration length{};  ///< of the last one
    TimePoint at{};     ///< when the last one ended
    std::uint64_t times = 0;
  };

  LoopWatch(Reactor& reactor, Options options);
  explicit LoopWatch(Reactor& reactor) : LoopWatch(reactor, Options()) {}
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;
  ~LoopWatch();

  /// Measures from now on, for a while.
  void look();

  Histogram lag() const { return lag_.at(now()); }
  Histogram ticks() const;

  /// What Reactor::on_slow_callback() reports, and what the last method was.
  /// Returns what it is kept as, lent until the next one. A callback that was
  /// slow only for one inside it, which was told just before, is left out:
  /// nullptr.
  const Slow* slow(const TraceEvent& event, std::string_view method);

  /// Newest first.
  const std::deque<Slow>& slow() const { return slow_; }

  /// How many there have been, forgotten ones too.
  std::uint64_t slow_count() const { return slow_count_; }

 private:
  TimePoint now() const { return reactor_.clock().now(); }
  void probe();
  void take_ticks();

  Reactor& reactor_;
  const Options options_;
  TimerId timer_;
  TimePoint due_{};
  TimePoint seen_until_{};
  RecentDurations lag_;
  RecentDurations ticks_;
  Histogram known_ticks_;  ///< the reactor's, as they were last taken
  std::deque<Slow> slow_;
  std::uint64_t slow_count_ = 0;
  TraceEvent inner_;  ///< the last slow one; its texts are not used
};

}  // namespace rp
