#include "examples/losses.h"

#include <chrono>
#include <cstdio>

namespace rp {
namespace {

void say(const std::string& what) {
  if (what.empty()) return;
  std::fprintf(stderr, "rpc_server: %s\n", what.c_str());
}

}  // namespace

std::string losses_between(const ThreadPool::Stats& before,
                           const ThreadPool::Stats& now) {
  if (now.stuck == before.stuck) return {};
  const std::string left =
      now.workers == 0 ? "none is left, and all that needs one is refused"
                       : std::to_string(now.workers) + " can work";
  return "workers of the pool: " + std::to_string(now.stuck) +
         " stuck in calls given up, " + left;
}

std::string losses_between(const ProcessWorkers::Stats& before,
                           const ProcessWorkers::Stats& now) {
  const auto killed = now.killed - before.killed;
  const auto started = now.started - before.started;
  if (killed == 0 && started == 0) return {};
  return "child processes: " + std::to_string(killed) + " killed, " +
         std::to_string(started) + " started in place of those that ended";
}

void report_losses(Reactor& reactor, const ThreadPool& threads,
                   const ProcessWorkers& processes) {
  reactor.run_every(std::chrono::seconds(1),
                    [&threads, &processes, of_pool = threads.stats(),
                     of_processes = processes.stats()]() mutable {
                      const auto pool_now = threads.stats();
                      const auto processes_now = processes.stats();
                      say(losses_between(of_pool, pool_now));
                      say(losses_between(of_processes, processes_now));
                      of_pool = pool_now;
                      of_processes = processes_now;
                    });
}

}  // namespace rp
