#include "examples/losses.h"

#include <chrono>
#include <cstdio>

namespace rp {
namespace {

std::string stuck_in(const ThreadPool::Stats& now) {
  return "workers of the pool: " + std::to_string(now.stuck) +
         " stuck in calls given up";
}

}  // namespace

void tell_loss(const std::string& what) {
  if (what.empty()) return;
  std::fprintf(stderr, "rpc_server: %s\n", what.c_str());
}

std::string losses_between(const ThreadPool::Stats& before,
                           const ThreadPool::Stats& now) {
  if (now.stuck == before.stuck) return {};
  const std::string left =
      now.workers == 0 ? "none is left, and all that needs one is refused"
                       : std::to_string(now.workers) + " can work";
  return stuck_in(now) + ", " + left;
}

std::string losses_between(const ProcessWorkers::Stats& before,
                           const ProcessWorkers::Stats& now) {
  const auto killed = now.killed - before.killed;
  const auto started = now.started - before.started;
  if (killed == 0 && started == 0) return {};
  std::string text = "child processes: ";
  if (killed > 0) text += std::to_string(killed) + " killed";
  if (killed > 0 && started > 0) text += ", ";
  if (started > 0) {
    text += std::to_string(started) + " started in place of those that ended";
  }
  return text;
}

std::string LogLosses::look() {
  const std::uint64_t lost = log_->lost();
  const bool losing = lost != seen_;
  const bool turns = losing != losing_;
  seen_ = lost;
  losing_ = losing;
  return turns ? rest() : "";
}

std::string LogLosses::rest() {
  const std::uint64_t lost = log_->lost();
  if (lost == told_) return {};
  const std::uint64_t lines = lost - told_;
  told_ = lost;
  return std::string(log_->name()) + ": " + std::to_string(lines) +
         (lines == 1 ? " line" : " lines") + " lost: " + log_->why_lost();
}

Losses::Losses(Reactor& reactor, const ThreadPool& threads,
               const ProcessWorkers& processes)
    : threads_(threads),
      processes_(processes),
      of_pool_(threads.stats()),
      of_processes_(processes.stats()) {
  reactor.run_every(std::chrono::seconds(1), [this] { report(); });
}

void Losses::report() {
  const auto pool_now = threads_.stats();
  tell_loss(losses_between(of_pool_, pool_now));
  of_pool_ = pool_now;
  report_processes();
}

void Losses::report_rest() {
  const auto pool_now = threads_.stats();
  if (pool_now.stuck > of_pool_.stuck) tell_loss(stuck_in(pool_now));
  report_processes();
}

void Losses::report_processes() {
  const auto processes_now = processes_.stats();
  tell_loss(losses_between(of_processes_, processes_now));
  of_processes_ = processes_now;
}

}  // namespace rp
