#pragma once

#include <cstdint>

#include "reactor/function.h"
#include "tests/support/sim_ledger.h"

namespace rp {

/// What one simulated life of a server is made from.
struct SimPlan {
  std::uint64_t seed = 0;
  Duration length = std::chrono::minutes(1);
  /// So many clients are connected at a time; who leaves is replaced.
  std::size_t clients = 10;
  /// Called each simulated minute, for a progress bar.
  Function<void(Duration, const SimReport&)> progress = {};
};

/// Runs the whole server for one life: acceptor, lines, sessions, dispatcher,
/// methods on the loop and in a pool with deadlines, and many clients that a
/// seed decides, over a network that it decides, too. At the end the server
/// drains, and nothing may be left of all that was.
///
///     SimReport report = simulate({.seed = 7, .length = 1h});
///     if (!report.failure.empty()) ...
///
/// The same plan gives the same report. Thread rule: any thread, which it
/// keeps until the end.
SimReport simulate(SimPlan plan);

}  // namespace rp
