#include "rpc/loop_watch.h"

#include <algorithm>
#include <utility>

namespace rp {

namespace {

constexpr int kMostMissed = 10'000;

}  // namespace

LoopWatch::LoopWatch(Reactor& reactor, Options options)
    : reactor_(reactor),
      options_(options),
      known_ticks_(reactor.stats().tick_length) {}

LoopWatch::~LoopWatch() { reactor_.cancel(timer_); }

void LoopWatch::look() {
  seen_until_ = reactor_.now() + options_.look;
  if (reactor_.timers().contains(timer_)) return;
  known_ticks_ = reactor_.stats().tick_length;
  due_ = reactor_.now() + options_.probe;
  timer_ = reactor_.run_at(due_, [this] { probe(); });
}

void LoopWatch::probe() {
  const TimePoint present = now();
  int missed = 0;
  for (; due_ <= present && missed < kMostMissed; ++missed) {
    lag_.record(present, present - due_);
    due_ += options_.probe;
  }
  due_ = std::max(due_, present);
  take_ticks();
  if (present < seen_until_) {
    timer_ = reactor_.run_at(due_, [this] { probe(); });
  }
}

void LoopWatch::take_ticks() {
  const Histogram& all = reactor_.stats().tick_length;
  ticks_.add(now(), all.since(known_ticks_));
  known_ticks_ = all;
}

Histogram LoopWatch::ticks() const { return ticks_.at(now()); }

const LoopWatch::Slow* LoopWatch::slow(const TraceEvent& event,
                                       std::string_view method) {
  const auto is_inside = [](const TraceEvent& in, const TraceEvent& out) {
    return in.tick == out.tick && in.time >= out.time &&
           in.time + in.length <= out.time + out.length;
  };
  const TraceEvent inner = std::exchange(inner_, event);
  if (inner.length > inner.length.zero() && is_inside(inner, event) &&
      event.length - inner.length < inner.length / 10) {
    return nullptr;
  }
  ++slow_count_;
  const std::string_view name = event.what == "call" ? method : "";
  std::uint64_t times = 1;
  const auto same = std::find_if(
      slow_.begin(), slow_.end(), [&event, name](const Slow& known) {
        return known.what == event.what && known.name == name;
      });
  if (same != slow_.end()) {
    times += same->times;
    slow_.erase(same);
  }
  slow_.push_front({std::string(event.what), std::string(name), event.id,
                    event.length, now(), times});
  if (slow_.size() > options_.slow) slow_.pop_back();
  return &slow_.front();
}

}  // namespace rp
