#include "reactor/recent.h"

namespace rp {

namespace {

std::int64_t second_of(TimePoint now) {
  return now.time_since_epoch() / std::chrono::seconds(1);
}

std::int64_t tenth_of(TimePoint now) {
  return now.time_since_epoch() / std::chrono::milliseconds(100);
}

}  // namespace

void RecentDurations::record(TimePoint now, Duration duration) {
  present(now).record(duration);
}

void RecentDurations::add(TimePoint now, const Histogram& durations) {
  if (durations.count() > 0) present(now).merge(durations);
}

Histogram& RecentDurations::present(TimePoint now) {
  const std::int64_t number = second_of(now);
  while (!seconds_.empty() && seconds_.front().number < number - kSeconds) {
    seconds_.pop_front();
  }
  if (seconds_.empty() || seconds_.back().number != number) {
    seconds_.push_back({number, std::make_unique<Histogram>()});
  }
  return *seconds_.back().durations;
}

Histogram RecentDurations::at(TimePoint now) const {
  Histogram all;
  const std::int64_t first = second_of(now) - kSeconds;
  for (const Second& second : seconds_) {
    if (second.number >= first) all.merge(*second.durations);
  }
  return all;
}

void RecentRate::count(TimePoint now) {
  const std::int64_t number = tenth_of(now);
  Tenth& tenth = tenths_[static_cast<std::size_t>(number) % kTenths];
  if (tenth.number != number) tenth = {number, 0};
  ++tenth.count;
}

std::uint64_t RecentRate::per_second(TimePoint now) const {
  const std::int64_t present = tenth_of(now);
  std::uint64_t sum = 0;
  for (const Tenth& tenth : tenths_) {
    if (tenth.number < present && tenth.number >= present - 10) {
      sum += tenth.count;
    }
  }
  return sum;
}

}  // namespace rp
