#include "tests/support/sim_ledger.h"

#include <cstdio>

namespace rp {
namespace {

constexpr std::size_t kKeptEvents = 12;

}  // namespace

void SimLedger::happened(std::uint64_t client, const std::string& what) {
  if (!report.failure.empty()) return;
  if (report.last_events.size() == kKeptEvents) report.last_events.pop_front();
  report.last_events.push_back(in_seconds(elapsed()) + "  client " +
                               std::to_string(client) + " " + what);
}

void SimLedger::fail(const std::string& what) {
  if (!report.failure.empty()) return;
  report.failure = what;
  report.failed_at = elapsed();
  reactor_.stop();
}

void SimLedger::noted(std::uint64_t number) {
  if (open_notes_.erase(number) == 1) return;
  fail("notification " + std::to_string(number) + " was handled twice");
}

Duration SimLedger::any_time(Duration most) {
  const auto range = static_cast<std::uint64_t>(most.count());
  return Duration(static_cast<Duration::rep>(random().below(range)));
}

std::string in_seconds(Duration time) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6f s",
                std::chrono::duration<double>(time).count());
  return text;
}

}  // namespace rp
