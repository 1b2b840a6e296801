#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/tick_trace.h"

namespace rp {

/// The last events of a trace, numbered, for readers who come and go and may be
/// slow: they ask for what came after the last they have, and are told how many
/// they have missed. Nothing is kept for any of them.
///
///     TraceRing ring{4096};
///     ring.record(event);
///     TraceRing::Events news = ring.after(last_seen, 1000);
///     last_seen = news.next;
///
/// After it has been filled once, recording allocates nothing.
///
/// Thread rule: one thread at a time.
class TraceRing {
 public:
  /// Owns its texts, unlike a TraceEvent. Its number stands in Events.
  struct Record {
    std::int64_t time_us = 0;
    std::uint64_t tick = 0;
    std::string phase;
    std::string lane;
    std::string what;
    std::uint64_t id = 0;
    std::int64_t length_us = 0;
  };

  struct Events {
    std::uint64_t next = 0;             ///< for the next question
    std::uint64_t skipped = 0;          ///< events that came and are not here
    std::vector<const Record*> events;  ///< oldest first; until record()
  };

  /// Keeps the last `capacity`, which is at least 1; else throws
  /// std::invalid_argument.
  explicit TraceRing(std::size_t capacity);

  void record(const TraceEvent& event);

  /// What came after the first `seen` events, the newest `most` of it. Who has
  /// seen more than there are begins anew.
  Events after(std::uint64_t seen, std::size_t most) const;

  /// How many there have been.
  std::uint64_t count() const { return count_; }

 private:
  std::vector<Record> records_;
  std::uint64_t count_ = 0;
};

/// `text` as a word of a trace's line: what is no visible ASCII character
/// becomes "_", an empty text "-", and no more than 64 bytes are kept. For what
/// a stranger has chosen.
std::string trace_word(std::string_view text);

}  // namespace rp
