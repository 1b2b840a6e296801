#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>

#include "reactor/reactor.h"
#include "tests/support/sim_network.h"

namespace rp {

/// What came of one simulated life of a server.
struct SimReport {
  std::uint64_t clients = 0;
  std::uint64_t requests = 0;
  std::uint64_t notifications = 0;
  std::uint64_t broken_lines = 0;             ///< no JSON, no message, too long
  std::map<int, std::uint64_t> answers;       ///< by error code; 0: a value
  std::uint64_t told_by_the_end = 0;          ///< of their connection
  std::uint64_t lost_by_clients = 0;          ///< that broke off or vanished
  std::map<std::string, std::uint64_t> jobs;  ///< by fate
  SimNetwork::Stats network;

  /// Empty if all went as promised, else what did not.
  std::string failure;
  Duration failed_at{};
  std::deque<std::string> last_events;  ///< before the failure
};

/// The book of a simulation: what clients have asked and were told, and the
/// first thing that went wrong, which ends the run.
///
///     if (!pending_.contains(id)) ledger.fail("answered twice");
///
/// Thread rule: the loop's thread. It outlives the clients, hence network and
/// reactor; they are only used while the loop runs.
class SimLedger {
 public:
  SimLedger(FakeClock& clock, SimNetwork& network, Reactor& reactor)
      : clock_(clock), network_(network), reactor_(reactor) {}

  /// A number for a request; each has its own.
  std::uint64_t next_number() { return ++last_number_; }

  /// A line of what happened last, for who looks for the cause.
  void happened(std::uint64_t client, const std::string& what);

  /// Notes what went wrong, unless something did before, and stops the loop.
  void fail(const std::string& what);

  /// A notification was sent, and its handler ran.
  void notified(std::uint64_t number) { open_notes_.insert(number); }
  void noted(std::uint64_t number);
  bool is_noted(std::uint64_t number) const {
    return !open_notes_.contains(number);
  }

  SimNetwork& network() { return network_; }
  SimRandom& random() { return network_.random(); }
  Duration any_time(Duration most);  ///< below `most`
  Duration elapsed() { return clock_.now() - begin_; }

  /// From here on calls may be refused, and connections ended.
  bool draining = false;
  SimReport report;

 private:
  FakeClock& clock_;
  SimNetwork& network_;
  Reactor& reactor_;
  const TimePoint begin_ = clock_.now();
  std::uint64_t last_number_ = 0;
  std::set<std::uint64_t> open_notes_;
};

/// "12.034500 s", as in a tick trace, but for people.
std::string in_seconds(Duration time);

}  // namespace rp
