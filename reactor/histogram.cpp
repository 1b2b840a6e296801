#include "reactor/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace rp {

void Histogram::record(Duration duration) {
  duration = std::max(duration, Duration::zero());
  const auto nanoseconds = static_cast<std::uint64_t>(duration.count());
  ++buckets_[bucket_of(nanoseconds)];
  min_ = count_ == 0 ? duration : std::min(min_, duration);
  max_ = std::max(max_, duration);
  sum_ += static_cast<double>(nanoseconds);
  ++count_;
}

Duration Histogram::mean() const {
  if (count_ == 0) return {};
  const double nanoseconds = sum_ / static_cast<double>(count_);
  return Duration{static_cast<Duration::rep>(nanoseconds)};
}

Duration Histogram::percentile(double percent) const {
  if (count_ == 0) return {};
  const double share = std::clamp(percent, 0.0, 100.0) / 100.0;
  const double rank = std::ceil(share * static_cast<double>(count_));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen == 0 || static_cast<double>(seen) < rank) continue;
    const auto end = static_cast<Duration::rep>(upper_end(bucket));
    return std::clamp(Duration{end}, min_, max_);
  }
  return max_;
}

std::uint64_t Histogram::count_up_to(Duration limit) const {
  if (limit >= max_) return count_;
  std::uint64_t count = 0;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    const auto end = static_cast<Duration::rep>(upper_end(bucket));
    if (Duration{end} > limit) break;
    count += buckets_[bucket];
  }
  return count;
}

void Histogram::merge(const Histogram& other) {
  if (other.count_ == 0) return;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    buckets_[bucket] += other.buckets_[bucket];
  }
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

Histogram Histogram::since(const Histogram& earlier) const {
  Histogram recent;
  if (count_ == earlier.count_) return recent;
  for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
    const std::uint64_t count = buckets_[bucket] - earlier.buckets_[bucket];
    if (count == 0) continue;
    const Duration end{static_cast<Duration::rep>(upper_end(bucket))};
    if (recent.count_ == 0) recent.min_ = std::clamp(end, min_, max_);
    recent.max_ = std::clamp(end, min_, max_);
    recent.buckets_[bucket] = count;
    recent.count_ += count;
  }
  recent.sum_ = sum_ - earlier.sum_;
  return recent;
}

// The highest bits of a number name its bucket: where the first one stands,
// and the kBits after it. Below kPerDoubling each number has its own.
std::size_t Histogram::bucket_of(std::uint64_t nanoseconds) {
  const auto width = static_cast<unsigned>(std::bit_width(nanoseconds));
  if (width <= kBits) return nanoseconds;
  const unsigned shift = width - 1 - kBits;
  return shift * kPerDoubling + (nanoseconds >> shift);
}

std::uint64_t Histogram::upper_end(std::size_t bucket) {
  if (bucket < 2 * kPerDoubling) return bucket;
  const std::size_t shift = bucket / kPerDoubling - 1;
  const std::uint64_t first = bucket - shift * kPerDoubling;
  return ((first + 1) << shift) - 1;
}

}  // namespace rp
