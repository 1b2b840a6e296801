#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "pool/turnstile.h"

namespace rp {

/// What one kind of job may take.
struct Lane {
  std::size_t workers = 1;      ///< jobs at a time with the inner executor
  std::size_t capacity = 1024;  ///< jobs that wait for that; may be 0
};

/// So that one slow kind of job cannot starve the others: a limit of workers
/// by Job::kind.
///
///     Lanes lanes{reactor, pool, {{"primes", {.workers = 1, .capacity = 64}},
///                                 {"report", {.workers = 2}}}};
///     lanes.submit({.work = ..., .settled = ..., .kind = "primes"});
///
/// Of the kind "primes" at most one job is with the inner executor, waiting
/// for a worker or running, and 64 more wait here, in order; what comes on
/// top is refused, while other kinds are served. Kinds without a lane pass
/// without a limit. A stuck worker that was retired is no longer counted:
/// its lane has its place again.
///
/// The lanes' workers should be fewer than the pool's, or the lanes can fill
/// the pool. Where there is a Strand, it stands outside: see there.
///
/// Thread rule, ownership and ends: see Turnstile.
class Lanes : public Turnstile {
 public:
  using Options = std::map<std::string, Lane, std::less<>>;

  /// Throws std::invalid_argument for a lane without workers.
  Lanes(Reactor& reactor, Executor& inner, const Options& options);

  /// How a lane is doing; zeros for a kind that has none.
  struct Stats {
    std::size_t waiting = 0;  ///< here
    std::size_t running = 0;  ///< with the inner executor
  };
  Stats stats(std::string_view kind) const;

 private:
  struct Numbered {
    GroupId group = 0;
    Lane lane;
  };

  Rule rule_for(const Job& job) const override;

  std::map<std::string, Numbered, std::less<>> lanes_;
};

}  // namespace rp
