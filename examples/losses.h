#pragma once

#include <cstdint>
#include <string>

#include "pool/line_log.h"
#include "pool/process_workers.h"
#include "pool/thread_pool.h"
#include "reactor/reactor.h"

namespace rp {

/// What is to be said of the lines that a log loses: those that are lost when
/// it begins; those of all the time since when none has been lost for a while.
///
///     LogLosses losses(log);
///     losses.look();  // "log: 2 lines lost: No space left on device", or ""
///
/// Thread rule: one thread. The log must outlive it.
class LogLosses {
 public:
  explicit LogLosses(const LineLog& log) : log_(&log) {}

  /// To be asked once a second.
  std::string look();

  /// Those that nothing was said of.
  std::string rest();

 private:
  const LineLog* log_;
  std::uint64_t seen_ = 0;
  std::uint64_t told_ = 0;
  bool losing_ = false;
};

/// Says on standard error what a server has lost: workers of the pool that are
/// stuck, children that had to be killed or replaced.
///
///     Losses losses(reactor, threads, processes);
///     reactor.run();
///     threads.drop();
///     losses.report_rest();
///
/// It looks once a second, and is silent when nothing has changed.
///
/// Thread rule: the loop's thread. It, and what it looks at, must live for as
/// long as the loop runs.
class Losses {
 public:
  Losses(Reactor& reactor, const ThreadPool& threads,
         const ProcessWorkers& processes);
  Losses(const Losses&) = delete;
  Losses& operator=(const Losses&) = delete;

  /// What was lost since the last look; after the end of loop and pool, which
  /// may leave workers alone, too.
  void report_rest();

 private:
  void report();
  void report_processes();

  const ThreadPool& threads_;
  const ProcessWorkers& processes_;
  ThreadPool::Stats of_pool_;
  ProcessWorkers::Stats of_processes_;
};

/// Says one of them on standard error, unless it is empty.
void tell_loss(const std::string& what);

/// What has changed, in words; "" if nothing has.
std::string losses_between(const ThreadPool::Stats& before,
                           const ThreadPool::Stats& now);
std::string losses_between(const ProcessWorkers::Stats& before,
                           const ProcessWorkers::Stats& now);

}  // namespace rp
