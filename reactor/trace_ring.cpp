#include "reactor/trace_ring.h"

#include <algorithm>
#include <stdexcept>

namespace rp {

namespace {

constexpr std::size_t kLongestWord = 64;

}  // namespace

void TraceRing::Part::record(const TraceEvent& event, std::uint64_t number) {
  Record& record = records_[count_++ % records_.size()];
  last_lost_ = record.number;
  record.number = number;
  record.time_us = event.time.count();
  record.tick = event.tick;
  record.phase = event.phase;
  record.lane = event.lane;
  record.what = event.what;
  record.id = event.id;
  record.length_us = event.length.count();
}

std::size_t TraceRing::Part::kept_after(std::uint64_t seen) const {
  return static_cast<std::size_t>(std::count_if(
      records_.begin(), records_.end(),
      [seen](const Record& record) { return record.number > seen; }));
}

void TraceRing::Part::add_newest(std::size_t many,
                                 std::vector<const Record*>& events) const {
  for (std::uint64_t i = count_ - many; i < count_; ++i) {
    events.push_back(&records_[i % records_.size()]);
  }
}

TraceRing::TraceRing(std::size_t capacity) : loop_(capacity), jobs_(capacity) {
  if (capacity == 0) throw std::invalid_argument("a trace ring of no events");
}

void TraceRing::record(const TraceEvent& event) {
  (event.lane == "loop" ? loop_ : jobs_).record(event, ++count_);
}

TraceRing::Events TraceRing::after(std::uint64_t seen, std::size_t most) const {
  if (seen > count_) seen = 0;
  const std::size_t jobs_kept = jobs_.kept_after(seen);
  const std::size_t ticked =
      std::min(loop_.kept_after(seen), most - std::min(jobs_kept, most / 2));
  const std::size_t worked = std::min(jobs_kept, most - ticked);
  Events news;
  news.next = count_;
  news.skipped = count_ - seen - ticked - worked;
  news.skipped_jobs = worked < jobs_kept || jobs_.last_lost() > seen;
  loop_.add_newest(ticked, news.events);
  jobs_.add_newest(worked, news.events);
  std::inplace_merge(news.events.begin(),
                     news.events.begin() + static_cast<std::ptrdiff_t>(ticked),
                     news.events.end(), [](const Record* a, const Record* b) {
                       return a->number < b->number;
                     });
  return news;
}

std::string trace_word(std::string_view text) {
  if (text.empty()) return "-";
  std::string word(text.substr(0, kLongestWord));
  for (char& c : word) {
    if (c <= ' ' || c > '~') c = '_';
  }
  return word;
}

}  // namespace rp
