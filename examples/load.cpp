#include "examples/load.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <utility>

#include "examples/terminal_text.h"
#include "rpc/wire/json_parser.h"

namespace rp {

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

std::string printed(const char* format, double a, double b, double c) {
  char line[128];
  std::snprintf(line, sizeof line, format, a, b, c);
  return line;
}

}  // namespace

Load::Load(Dispatcher& service, LoadPlan plan)
    : service_(service), reactor_(service.reactor()), plan_(std::move(plan)) {
  if (!plan_.params.empty()) {
    params_ = parse_json(plan_.params, arena_).value;
  }
}

void Load::start() {
  start_ = reactor_.clock().now();
  for (std::size_t i = 0; i < plan_.connections; ++i) {
    clients_.push_back(connect(service_, plan_.server));
    for (std::size_t k = 0; k < plan_.in_flight; ++k) call(*clients_.back());
  }
  if (progress_) {
    reactor_.run_every(std::chrono::milliseconds(500),
                       [this] { progress_(ended_); });
  }
}

void Load::on_progress(Function<void(std::uint64_t)> report) {
  progress_ = std::move(report);
}

void Load::call(Asker& client) {
  if (begun_ == plan_.count) return;
  ++begun_;
  client.ask(
      plan_.method, params_,
      [this, &client, begin = reactor_.clock().now()](
          const CallResult& result) { take(client, begin, result); },
      plan_.timeout);
}

void Load::take(Asker& client, TimePoint begin, const CallResult& result) {
  end_ = reactor_.clock().now();
  ++ended_;
  if (result.ok()) {
    latencies_.record(end_ - begin);
  } else {
    ++errors_[std::to_string(result.error->code) + " " +
              escaped_for_terminal(result.error->message)];
  }
  if (ended_ == plan_.count) return reactor_.stop();
  call(client);
}

std::string Load::report() const {
  std::uint64_t failed = 0;
  for (const auto& [text, count] : errors_) failed += count;
  std::string text = std::to_string(ended_) +
                     " answers: " + std::to_string(ended_ - failed) +
                     " results, " + std::to_string(failed) + " errors\n";
  for (const auto& [error, count] : errors_) {
    text += "  " + std::to_string(count) + " x " + error + "\n";
  }
  const double seconds = std::chrono::duration<double>(end_ - start_).count();
  if (failed == ended_) return text + printed("%.3f s\n", seconds, 0, 0);
  const double a_second =
      seconds > 0 ? static_cast<double>(ended_ - failed) / seconds : 0;
  text += printed("%.3f s, %.0f results a second\n", seconds, a_second, 0);
  text += printed("latency: median %.3f ms, 99 %% %.3f ms, most %.3f ms\n",
                  Milliseconds(latencies_.percentile(50)).count(),
                  Milliseconds(latencies_.percentile(99)).count(),
                  Milliseconds(latencies_.max()).count());
  return text;
}

}  // namespace rp
