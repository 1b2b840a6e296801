#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "reactor/clock.h"
#include "reactor/event_handler.h"
#include "reactor/function.h"
#include "reactor/handle_table.h"
#include "reactor/histogram.h"
#include "reactor/poller.h"
#include "reactor/tick_trace.h"
#include "reactor/timer_queue.h"

namespace rp {

/// The event loop. One thread turns it, tick by tick: timers, handles, dead
/// connections, and before each of the three it asks whether to stop.
///
///     Reactor reactor;
///     reactor.run_after(20ms, [&] { reactor.stop(); });
///     reactor.run();
///
/// Thread rule: it belongs to the thread that calls run() (before that, to
/// the one that made it). Calling it from another thread stops the program
/// with a message; another thread holds a Mailbox and posts.
///
/// Ownership: it owns its handlers, timers and poller. A clock that is passed
/// in must outlive it.
///
/// Errors: an exception from a callback goes to the error handler, and the
/// rest of the pass goes on. Without an error handler run() cleans up and
/// rethrows it.
class Reactor {
 public:
  /// An epoll poller and the machine's clock.
  Reactor();
  explicit Reactor(std::unique_ptr<Poller> poller);
  Reactor(std::unique_ptr<Poller> poller, Clock& clock);
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  /// Closes what is left, background handlers too. Pending tasks are
  /// destroyed uncalled.
  ~Reactor();

  /// Runs `block`, then turns until stop(), until a drain is complete, or
  /// until an exception nobody handles. An idle reactor waits. When it
  /// returns, shutdown hooks have run, each handler has got on_closed(), and
  /// no timer and no handler is left but background ones. It can be run again.
  void run(Task block = {});

  /// Ends run() at the next check. The phase that has begun runs to its end.
  /// Before run() it counts too: run() returns having fired nothing.
  void stop() noexcept;

  /// The gentle end: calls on_drain() of each foreground handler, and ends
  /// run() when none is left or `deadline` is over. A second call changes
  /// nothing.
  void drain(Duration deadline);
  bool draining() const { return draining_; }

  // Timers.

  /// Calls `task` once, no earlier than `delay` from now and no earlier than
  /// the next tick's timers when set by a timer. A negative delay is zero.
  TimerId run_after(Duration delay, Task task);
  TimerId run_at(TimePoint due, Task task);

  /// Calls `task` every `period` without drift; missed periods are skipped.
  TimerId run_every(Duration period, Task task);

  /// Takes effect at once. False if the timer was gone.
  bool cancel(TimerId id);

  const TimerQueue& timers() const { return timers_; }

  // Handles.

  /// Takes the handler over and begins to serve it. Throws std::system_error
  /// if the poller cannot watch its descriptor; the handler is destroyed then.
  /// What on_added() throws comes out too, and the handler is closed.
  HandleId add(std::unique_ptr<EventHandler> handler, Interest interest,
               Lifetime lifetime = Lifetime::foreground);

  /// Changes what a handle waits for. A handle that waits for nothing leaves
  /// the poller. An id that names nobody is ignored.
  void set_interest(HandleId id, Interest interest);

  /// Marks the handle dead: from now on its id finds nobody. The last phase
  /// of the tick calls on_closed(), destroys the handler and so closes the
  /// descriptor. The first reason given is the one that is told.
  void close(HandleId id, CloseReason reason = CloseReason::local);

  /// The handler, or nullptr if it is dead or gone. The pointer is good for
  /// this callback only.
  EventHandler* find(HandleId id);

  /// The foreground handlers that are open, in the order of their coming: for
  /// who looks from outside.
  std::vector<HandleId> open_handles() const;

  /// How many foreground handlers there are.
  std::size_t handlers() const { return handles_.foreground(); }

  // Hooks.

  /// Runs `task` once, after the last callback of the present phase, also
  /// after an exception or a stop. Called outside a phase, or by such a task,
  /// it runs at the end of the next; the poll does not wait meanwhile.
  void at_phase_end(Task task);

  /// Runs `task` once when run() ends, last added first, before the open
  /// handlers are told.
  void on_shutdown(Task task);

  /// Takes the exceptions of callbacks.
  void on_error(Function<void(std::exception_ptr)> handler);

  // Looking at it.

  /// The time of this phase: read when the tick began and when the wait
  /// returned. Before the first tick, the present.
  TimePoint now() const;
  Clock& clock() { return clock_; }
  const Poller& poller() const { return *poller_; }

  /// Reports each event; nullptr ends it. The trace must outlive its use.
  /// Costs two looks at the clock for each callback.
  void set_trace(TickTrace* trace);

  /// When the reactor was made: the zero of the times of all events.
  TimePoint trace_start() const { return trace_start_; }

  /// Reports each callback that takes longer than `threshold`.
  void on_slow_callback(Duration threshold,
                        Function<void(const TraceEvent&)> report);

  struct Stats {
    std::uint64_t ticks = 0;
    std::uint64_t late_events = 0;  ///< events for ids that had died
    std::uint64_t exceptions = 0;
    /// Handlers that came to their end, by CloseReason.
    std::array<std::uint64_t, kCloseReasons> closed{};
    Histogram tick_length;     ///< from the wait's return to the next tick
    Histogram timer_lateness;  ///< how long after its time a timer fired
  };
  const Stats& stats() const { return stats_; }

  // For handlers.

  /// Runs `task` as the loop runs its own callbacks: traced, timed, its
  /// exception handled. False when an exception nobody handles ends the run;
  /// whoever has more callbacks to make leaves them for the next run.
  bool invoke(std::string_view what, std::uint64_t id, Task task);

  /// The one buffer into which handlers read, 64 KiB. What is in it is lent
  /// until the handler returns.
  std::span<char> read_buffer();

  /// An empty string that may have room already, to be handed back: what a
  /// handler needs only while it is busy, so that an idle one holds nothing.
  std::string borrow_string();
  void hand_back(std::string text);

  /// Stops the program if the caller is not on the reactor's thread.
  void check_thread(const char* what) const;

 private:
  class Phase;

  bool tick();
  bool stop_was_called();
  void trigger_time_based_events();
  void select_handles();
  void close_dead_connections();

  void serve(const Ready& ready);
  void call_handler(HandleId id, std::string_view what,
                    void (EventHandler::*callback)());
  void sort_by_registration();
  std::optional<Duration> longest_wait();
  void end_phase();
  void turn();
  void handle(std::exception_ptr error);
  void record(TimePoint begin, std::string_view what, std::uint64_t id,
              Duration length);
  void clean_up();
  void close_all(const std::vector<HandleId>& ids);
  TimePoint after(Duration delay) const;
  void watch(HandleTable::Slot& slot, HandleId id, Interest interest);

  std::unique_ptr<Poller> poller_;
  Clock& clock_;
  std::atomic<std::thread::id> owner_;
  TimerQueue timers_;
  HandleTable handles_;
  std::vector<HandleId> dead_;
  std::vector<HandleId> burying_;
  std::vector<Ready> ready_;
  std::vector<Task> phase_end_;
  std::vector<Task> ending_phase_;
  std::vector<Task> shutdown_hooks_;
  Function<void(std::exception_ptr)> error_handler_;
  std::exception_ptr failure_;
  TickTrace* trace_ = nullptr;
  const TimePoint trace_start_;
  Duration slow_threshold_{};
  Function<void(const TraceEvent&)> slow_report_;
  TimePoint now_{};
  std::optional<TimePoint> woke_;
  std::string_view phase_ = "-";
  std::atomic<bool> running_ = false;
  bool stopping_ = false;
  bool draining_ = false;
  bool timer_ran_ = false;
  Stats stats_;
  std::vector<char> read_buffer_;
  std::vector<std::string> strings_;
};

}  // namespace rp
