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
/// A loop can do ten thousand things while a worker does one job. So the jobs
/// are kept apart: what the loop does never pushes them out, and of one answer
/// they have up to a half.
///
/// After it has been filled once, recording allocates nothing.
///
/// Thread rule: one thread at a time.
class TraceRing {
 public:
  /// Owns its texts, unlike a TraceEvent.
  struct Record {
    std::uint64_t number = 0;  ///< counted from 1
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
    bool skipped_jobs = false;          ///< some of them of other lanes
    std::vector<const Record*> events;  ///< oldest first; until record()
  };

  /// Keeps the last `capacity` of the lane "loop" and as many of all others; at
  /// least 1, else throws std::invalid_argument.
  explicit TraceRing(std::size_t capacity);

  void record(const TraceEvent& event);

  /// What came after the first `seen` events, the newest `most` of it. Who has
  /// seen more than there are begins anew.
  Events after(std::uint64_t seen, std::size_t most) const;

  /// How many there have been.
  std::uint64_t count() const { return count_; }

 private:
  class Part {
   public:
    explicit Part(std::size_t capacity) : records_(capacity) {}

    void record(const TraceEvent& event, std::uint64_t number);
    std::size_t kept_after(std::uint64_t seen) const;
    void add_newest(std::size_t many, std::vector<const Record*>& events) const;

    /// The number of the newest that was pushed out.
    std::uint64_t last_lost() const { return last_lost_; }

   private:
    std::vector<Record> records_;
    std::uint64_t count_ = 0;
    std::uint64_t last_lost_ = 0;
  };

  Part loop_;
  Part jobs_;
  std::uint64_t count_ = 0;
};

/// `text` as a word of a trace's line: what is no visible ASCII character
/// becomes "_", an empty text "-", and no more than 64 bytes are kept. For what
/// a stranger has chosen.
std::string trace_word(std::string_view text);

}  // namespace rp
