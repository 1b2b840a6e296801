#include "pool/live_trace.h"

#include <atomic>
#include <string>

#include "reactor/mutex.h"

namespace rp {

using std::chrono::duration_cast;
using std::chrono::microseconds;

namespace {

constexpr std::size_t kWorthAWrite = 4096;

}  // namespace

/// What the loop and the workers record into.
class LiveTrace::Core {
 public:
  Core(TimePoint start, std::size_t events, LineLog* file)
      : trace([this](const TraceEvent& event) { record_of_loop(event); }),
        start_(start),
        ring_(events),
        file_(file) {}

  ~Core() { flush(); }

  void record_job(TraceEvent event, TimePoint since) {
    Lock lock(mutex_);
    event.time = duration_cast<microseconds>(since - start_);
    event.tick = tick_;
    record(event);
  }

  void name_call(const TraceEvent& call, std::string_view method) {
    Lock lock(mutex_);
    if (file_ == nullptr) return;
    lines_.append("# call ").append(std::to_string(call.id));
    lines_.append(" of tick ").append(std::to_string(call.tick));
    lines_.append(" is ").append(trace_word(method)).push_back('\n');
  }

  void read(std::uint64_t seen, std::size_t most,
            Function<void(const TraceRing::Events&)>& take) const {
    Lock lock(mutex_);
    take(ring_.after(seen, most));
  }

  std::atomic<bool> on = false;
  TickTrace trace;

 private:
  void record_of_loop(const TraceEvent& event) {
    Lock lock(mutex_);
    if (event.tick != tick_) write_lines();
    tick_ = event.tick;
    record(event);
  }

  void record(const TraceEvent& event) REQUIRES(mutex_) {
    ring_.record(event);
    if (file_ == nullptr) return;
    lines_.append(to_string(event)).push_back('\n');
    if (lines_.size() >= kWorthAWrite) write_lines();
  }

  void write_lines() REQUIRES(mutex_) {
    if (lines_.empty()) return;
    file_->write(lines_);
    lines_.clear();
  }

  void flush() {
    Lock lock(mutex_);
    write_lines();
  }

  const TimePoint start_;
  mutable Mutex mutex_;
  TraceRing ring_ GUARDED_BY(mutex_);
  std::uint64_t tick_ GUARDED_BY(mutex_) = 0;
  LineLog* const file_;
  std::string lines_ GUARDED_BY(mutex_);
};

LiveTrace::LiveTrace(Reactor& reactor, Options options, LineLog* file)
    : reactor_(reactor),
      options_(options),
      has_file_(file != nullptr),
      core_(
          std::make_unique<Core>(reactor.trace_start(), options.events, file)) {
  if (has_file_) turn_on();
}

LiveTrace::~LiveTrace() {
  reactor_.cancel(timer_);
  reactor_.set_trace(nullptr);
}

bool LiveTrace::is_on() const { return core_->on; }

void LiveTrace::look() {
  if (has_file_) return;
  seen_until_ = reactor_.now() + options_.look;
  if (!is_on()) turn_on();
  if (!reactor_.timers().contains(timer_)) turn_off_when_unseen();
}

void LiveTrace::turn_on() {
  reactor_.set_trace(&core_->trace);
  core_->on = true;
}

void LiveTrace::turn_off_when_unseen() {
  if (reactor_.now() < seen_until_) {
    timer_ = reactor_.run_at(seen_until_, [this] { turn_off_when_unseen(); });
    return;
  }
  core_->on = false;
  reactor_.set_trace(nullptr);
}

void LiveTrace::record_job(std::string_view phase, std::string_view lane,
                           std::string_view what, std::uint64_t id,
                           TimePoint since, Duration length) {
  if (!is_on()) return;
  const std::string word = trace_word(what);
  core_->record_job({.phase = phase,
                     .lane = lane,
                     .what = word,
                     .id = id,
                     .length = duration_cast<microseconds>(length)},
                    since);
}

void LiveTrace::name_call(const TraceEvent& call, std::string_view method) {
  core_->name_call(call, method);
}

void LiveTrace::read(std::uint64_t seen, std::size_t most,
                     Function<void(const TraceRing::Events&)> take) const {
  core_->read(seen, most, take);
}

}  // namespace rp
