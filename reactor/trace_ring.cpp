#include "reactor/trace_ring.h"

#include <algorithm>
#include <stdexcept>

namespace rp {

namespace {

constexpr std::size_t kLongestWord = 64;

}  // namespace

TraceRing::TraceRing(std::size_t capacity) : records_(capacity) {
  if (capacity == 0) throw std::invalid_argument("a trace ring of no events");
}

void TraceRing::record(const TraceEvent& event) {
  Record& record = records_[count_++ % records_.size()];
  record.time_us = event.time.count();
  record.tick = event.tick;
  record.phase = event.phase;
  record.lane = event.lane;
  record.what = event.what;
  record.id = event.id;
  record.length_us = event.length.count();
}

TraceRing::Events TraceRing::after(std::uint64_t seen, std::size_t most) const {
  if (seen > count_) seen = 0;
  const std::uint64_t kept =
      std::min<std::uint64_t>({count_ - seen, records_.size(), most});
  Events news;
  news.next = count_;
  news.skipped = count_ - seen - kept;
  for (std::uint64_t i = count_ - kept; i < count_; ++i) {
    news.events.push_back(&records_[i % records_.size()]);
  }
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
