#pragma once

#include <string>

#include "pool/process_workers.h"
#include "pool/thread_pool.h"
#include "reactor/reactor.h"

namespace rp {

/// Says on standard error what became of the workers: those of the pool that
/// are stuck, and the children that had to be killed or replaced.
///
///     report_losses(reactor, threads, processes);
///     reactor.run();
///
/// It looks once a second, and is silent when nothing has changed.
///
/// Thread rule: the loop's thread. Both must live for as long as the loop runs.
void report_losses(Reactor& reactor, const ThreadPool& threads,
                   const ProcessWorkers& processes);

/// What has changed, in words; "" if nothing has.
std::string losses_between(const ThreadPool::Stats& before,
                           const ThreadPool::Stats& now);
std::string losses_between(const ProcessWorkers::Stats& before,
                           const ProcessWorkers::Stats& now);

}  // namespace rp
