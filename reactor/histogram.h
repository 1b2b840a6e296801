#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "reactor/clock.h"

namespace rp {

/// Counts durations in buckets that grow with what they hold: 32 to each
/// power of two, so that a percentile is never more than 1/32 (3.2 %) too
/// high, from a nanosecond to 292 years, in 15 KiB.
///
///     Histogram latency;
///     latency.record(clock.now() - asked);
///     report(latency.percentile(99));
///
/// record() is O(1) and allocates nothing. A negative duration counts as
/// zero. Thread rule: one thread; give each its own and merge them.
class Histogram {
 public:
  void record(Duration duration);

  std::uint64_t count() const { return count_; }

  /// Exact; zero when nothing was recorded.
  Duration min() const { return min_; }
  Duration max() const { return max_; }
  Duration mean() const;

  /// The duration that `percent` (0 to 100) of those recorded did not exceed:
  /// the upper end of its bucket, and never outside of min() and max(). Zero
  /// when nothing was recorded.
  Duration percentile(double percent) const;

  /// How many did not exceed `limit`, as far as buckets can tell: those of the
  /// bucket in which it lies are not among them.
  std::uint64_t count_up_to(Duration limit) const;

  /// Adds all that the other has recorded.
  void merge(const Histogram& other);

  /// What was recorded since `earlier`, an older copy of this one. min() and
  /// max() of it are ends of buckets.
  Histogram since(const Histogram& earlier) const;

  /// All of them, added up, in seconds.
  double total_seconds() const { return sum_ / 1e9; }

  /// Forgets all.
  void reset() { *this = Histogram(); }

 private:
  static constexpr unsigned kBits = 5;
  static constexpr std::size_t kPerDoubling = std::size_t{1} << kBits;
  static constexpr std::size_t kBuckets = (64 - kBits) * kPerDoubling;

  static std::size_t bucket_of(std::uint64_t nanoseconds);
  static std::uint64_t upper_end(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
  double sum_ = 0;  ///< in nanoseconds
  Duration min_{};
  Duration max_{};
};

}  // namespace rp
