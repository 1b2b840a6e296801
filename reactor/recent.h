#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>

#include "reactor/clock.h"
#include "reactor/histogram.h"

namespace rp {

/// Durations of the last seconds: what a live page shows. A Histogram never
/// forgets, so after a day its percentiles hardly move whatever happens.
///
///     RecentDurations latency;
///     latency.record(clock.now(), taken);
///     page(latency.at(clock.now()).percentile(99));
///
/// They are kept by the second, and each second is forgotten as a whole: at()
/// tells what was recorded in this second and the `kSeconds` before it. A
/// second in which nothing was recorded takes no memory, any other 15 KiB.
///
/// Thread rule: one thread. Times must not go back.
class RecentDurations {
 public:
  static constexpr int kSeconds = 5;

  void record(TimePoint now, Duration duration);

  /// Adds all that another has recorded just now.
  void add(TimePoint now, const Histogram& durations);

  Histogram at(TimePoint now) const;

 private:
  struct Second {
    std::int64_t number = 0;
    std::unique_ptr<Histogram> durations;
  };

  Histogram& present(TimePoint now);

  std::deque<Second> seconds_;  ///< ascending
};

/// How often something happens a second, now.
///
///     RecentRate requests;
///     requests.count(clock.now());
///     page(requests.per_second(clock.now()));
///
/// It counts by the tenth of a second, and tells the sum of the last ten that
/// are complete.
///
/// Thread rule: one thread. Times must not go back.
class RecentRate {
 public:
  void count(TimePoint now);
  std::uint64_t per_second(TimePoint now) const;

 private:
  static constexpr std::size_t kTenths = 11;  ///< and the one that goes on

  struct Tenth {
    std::int64_t number = -1;
    std::uint64_t count = 0;
  };

  std::array<Tenth, kTenths> tenths_;
};

}  // namespace rp
