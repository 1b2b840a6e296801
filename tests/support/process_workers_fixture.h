#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pool/process_workers.h"
#include "tests/support/children.h"
#include "tests/support/pollers.h"
#include "tests/support/run_until.h"

namespace rp {

/// A worker for tests: it answers a line with the line in brackets, but
/// `hang` never (nor `spin`, which keeps a core busy meanwhile), `crash` with
/// a SIGSEGV, `exit` with status 3.
inline Command bracketing() {
  return shell(
      "while read -r line; do case $line in "
      "hang*) exec sleep 1000;; "
      "spin) while :; do :; done;; "
      "crash) kill -SEGV $$;; "
      "exit) exit 3;; "
      "*) echo \"[$line]\";; "
      "esac; done");
}

/// Jobs on process workers: real children, in a time that the test owns. What
/// a job came to is in `ends_`, by its line: its answer, or its fate and why.
///
///     start({.command = bracketing()});
///     submit("a");
///     ASSERT_TRUE(all_settled());
///     EXPECT_EQ(ends_["a"], "[a]");
class ProcessWorkersFixture : public OnBothPollers {
 protected:
  void start(ProcessWorkers::Options options) {
    if (options.name.empty()) options.name = "w";
    options.error_line = [this](std::string_view line) {
      errors_.emplace_back(line);
    };
    workers_ = std::make_unique<ProcessWorkers>(reactor_, std::move(options));
  }

  JobId submit(const std::string& line,
               std::optional<Duration> deadline = std::nullopt) {
    ++open_;
    return workers_->submit(
        line,
        [this, line](Outcome<std::string> outcome) {
          --open_;
          settled_at_[line] = reactor_.now();
          ends_[line] = outcome.ok() ? outcome.value() : text_of(outcome);
        },
        deadline);
  }

  /// Turns the loop until it holds. The clock stands still.
  bool until(Function<bool()> condition) {
    return run_until(reactor_, std::move(condition));
  }
  bool all_settled() {
    return until([this] { return open_ == 0; });
  }

  /// Turns the loop until all is settled. The clock goes on meanwhile, so that
  /// deadlines come.
  void let_time_pass() {
    EXPECT_TRUE(until([this] {
      clock_.advance(std::chrono::milliseconds(1));
      return open_ == 0;
    }));
  }

  /// Some turns, for what must not happen.
  void turn() {
    until([n = 0]() mutable { return ++n == 20; });
  }

  /// Moves the clock, then turns.
  void after(Duration time) {
    clock_.advance(time);
    turn();
  }

  ProcessWorkers::Stats stats() const { return workers_->stats(); }
  bool all_dead() {
    return until([this] { return workers_->pids().empty(); });
  }

  std::map<std::string, std::string> ends_;
  std::map<std::string, TimePoint> settled_at_;
  std::vector<std::string> errors_;
  int open_ = 0;
  std::unique_ptr<ProcessWorkers> workers_;  // the reactor outlives it

 private:
  static std::string text_of(const Outcome<std::string>& outcome) {
    return std::string(to_string(outcome.fate())) + ": " + outcome.message();
  }
};

}  // namespace rp
