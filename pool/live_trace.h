#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "pool/line_log.h"
#include "reactor/clock.h"
#include "reactor/function.h"
#include "reactor/reactor.h"
#include "reactor/trace_ring.h"

namespace rp {

/// What a loop and its workers do, live: the last events in a ring for those
/// who ask, all of them in a file if there is one.
///
///     LiveTrace trace{reactor};
///     trace.look();                       // somebody wants to see it
///     trace.read(seen, 1000, [](const TraceRing::Events& news) { ... });
///
/// A trace costs two looks at the clock for each callback, so it is on only
/// while somebody has looked in the last seconds, or for good with a file.
/// Times count from the construction of the reactor.
///
/// The file has an event a line, as to_string(TraceEvent) writes it, with
/// `what` a method's name for jobs; and "# call 2 of tick 3 is add" for a call
/// on the loop that was named. It is written by a LineLog, tick by tick.
///
/// Thread rule: the loop's thread, but record_job() any thread. The reactor
/// must outlive it.
class LiveTrace {
 public:
  struct Options {
    std::size_t events = 4096;  ///< of the loop that are kept, and of workers
    Duration look = std::chrono::seconds(5);  ///< how long a look keeps it on
  };

  LiveTrace(Reactor& reactor, Options options, LineLog* file = nullptr);
  explicit LiveTrace(Reactor& reactor) : LiveTrace(reactor, Options()) {}
  LiveTrace(const LiveTrace&) = delete;
  LiveTrace& operator=(const LiveTrace&) = delete;
  ~LiveTrace();

  /// Turns it on, or keeps it on.
  void look();
  bool is_on() const;

  /// One job that has left its worker; `what` may be a stranger's.
  void record_job(std::string_view phase, std::string_view lane,
                  std::string_view what, std::uint64_t id, TimePoint since,
                  Duration length);

  /// Says in the file which method the call was that has just been recorded: in
  /// the reactor's eyes each is a "call".
  void name_call(const TraceEvent& call, std::string_view method);

  /// Calls `take` with what came after the first `seen` events, the newest
  /// `most` of it. It runs under a lock and must not call this object.
  void read(std::uint64_t seen, std::size_t most,
            Function<void(const TraceRing::Events&)> take) const;

 private:
  class Core;

  void turn_on();
  void turn_off_when_unseen();

  Reactor& reactor_;
  const Options options_;
  const bool has_file_;
  std::unique_ptr<Core> core_;
  TimePoint seen_until_{};
  TimerId timer_;
};

}  // namespace rp
