#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "reactor/function.h"

namespace rp {

/// One thing that happened in a loop. The texts are single words and must
/// outlive the call that is handed the event (they are literals nearly
/// everywhere).
struct TraceEvent {
  std::chrono::microseconds time{};    ///< since the reactor was made
  std::uint64_t tick = 0;              ///< counted from 1
  std::string_view phase;              ///< "stop?", "timers", "handles", ...
  std::string_view lane = "loop";      ///< who did it: the loop, a worker
  std::string_view what;               ///< "check", "timer", "read", "write"
  std::uint64_t id = 0;                ///< timer, handle or job; 0: none
  std::chrono::microseconds length{};  ///< how long it took
};

/// "1204 3 handles loop read 17 35": the fields in order, a space between.
std::string to_string(const TraceEvent& event);

/// The reverse; throws std::invalid_argument that names the wrong field. The
/// texts of the event point into `line`.
TraceEvent parse_trace_event(std::string_view line);

/// Where a loop reports what it does, an event a line. It has no clock: the
/// caller gives the times, so the same trace comes from a real run and from
/// a test whose time stands still.
///
///     TickTrace trace = TickTrace::to(std::cout);
///     trace.record({.time = 12us, .tick = 1, .phase = "timers",
///                   .what = "timer", .id = 7, .length = 3us});
///
/// Thread rule: the loop's thread only.
class TickTrace {
 public:
  using Sink = Function<void(const TraceEvent&)>;

  explicit TickTrace(Sink sink) : sink_(std::move(sink)) {}

  /// A trace that prints; the stream must outlive it.
  static TickTrace to(std::ostream& out);

  void record(const TraceEvent& event) { sink_(event); }

 private:
  Sink sink_;
};

}  // namespace rp
