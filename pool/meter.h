#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "pool/executor.h"
#include "reactor/histogram.h"
#include "reactor/reactor.h"

namespace rp {

/// Counts the jobs of an executor by Job::kind, and measures how long they
/// wait and how long they run.
///
///     Meter meter{reactor, executor};
///     meter.submit({.work = ..., .settled = ..., .kind = "primes"});
///     print(meter.by_kind().at("primes").run.percentile(99));
///
/// It looks at the clock when a job is submitted, and just before and just
/// after its work. Around Deadlines it counts the ends as callers see them.
/// Nothing else is changed: ids are the inner executor's.
///
/// At most `kinds` kinds are told apart. Jobs of further ones are counted
/// under "", with those that name none.
///
/// Thread rule: the loop's thread. Reactor and inner executor must outlive
/// it; jobs that are open when it is destroyed are settled all the same.
class Meter : public Executor {
 public:
  struct Options {
    std::size_t kinds = 64;
  };

  /// submitted = waiting + running + the sum of settled.
  struct Numbers {
    std::uint64_t submitted = 0;
    std::size_t waiting = 0;        ///< accepted, and its work has not begun
    std::size_t running = 0;        ///< begun, and not settled
    std::size_t retired = 0;        ///< settled, and its work has not returned
    std::uint64_t settled[5] = {};  ///< by Fate
    Histogram wait;  ///< from submit() to the work's begin, if it began
    Histogram run;   ///< from there to its return, were it late or by a throw

    /// Adds up.
    void add(const Numbers& other);
  };

  Meter(Reactor& reactor, Executor& inner, Options options);
  Meter(Reactor& reactor, Executor& inner) : Meter(reactor, inner, Options()) {}
  ~Meter() override;

  JobId submit(Job job) override;
  Cancelled cancel(JobId id) override { return inner_.cancel(id); }
  void abandon(JobId id) override { inner_.abandon(id); }

  /// Copies, as of now.
  std::map<std::string, Numbers> by_kind() const;
  Numbers total() const;

 private:
  class Book;
  class Entry;

  Reactor& reactor_;
  Executor& inner_;
  std::shared_ptr<Book> book_;  ///< shared with the work of open jobs
};

}  // namespace rp
