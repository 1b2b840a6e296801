#include <chrono>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pool/process_workers.h"
#include "reactor/reactor.h"

// ask PROGRAM [ARGUMENT...]: gives each line of its standard input to one of
// two workers, which are that program, and prints what they answer, in the
// order of the lines. A line without an answer is told of on standard error,
// and the status is then 1.
//
//     printf '1 2 3\n4 5\n' | ask examples/workers/sum.awk

using namespace std::chrono_literals;

namespace {

constexpr char kUsage[] =
    "usage: ask PROGRAM [ARGUMENT...] <LINES\n"
    "Two workers, which are PROGRAM, answer each line with a line.\n";

using Outcome = rp::Outcome<std::string>;

std::vector<std::string> lines_of_input() {
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
  return lines;
}

std::vector<std::optional<Outcome>> ask_all(
    const std::vector<std::string>& command,
    const std::vector<std::string>& lines) {
  rp::Reactor reactor;
  rp::ProcessWorkers workers{
      reactor, {.command = command, .capacity = lines.size() + 1}};
  std::vector<std::optional<Outcome>> answers(lines.size());
  std::size_t left = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    workers.submit(
        lines[i],
        [&, i](Outcome outcome) {
          answers[i] = std::move(outcome);
          if (--left == 0) reactor.stop();
        },
        5s);
  }
  if (left > 0) reactor.run();
  return answers;
}

// Whether there was an answer.
bool tell(std::size_t line, const Outcome& outcome) {
  if (outcome.ok()) return std::puts(outcome.value().c_str()) >= 0;
  const bool late = outcome.fate() == rp::Fate::expired;
  std::fflush(stdout);
  std::fprintf(stderr, "ask: line %zu: %s%s\n", line, outcome.message().c_str(),
               late ? " (does the worker flush its output?)" : "");
  return false;
}

int usage(FILE* to) {
  std::fputs(kUsage, to);
  return to == stdout ? 0 : 2;
}

}  // namespace

int main(int count, char** words) try {
  if (count < 2) return usage(stderr);
  if (words[1] == std::string_view("--help")) return usage(stdout);
  const std::vector<std::string> command(words + 1, words + count);
  std::size_t line = 0;
  bool all = true;
  for (const auto& answer : ask_all(command, lines_of_input())) {
    all = tell(++line, *answer) && all;
  }
  return all ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "ask: %s\n", error.what());
  return 1;
}
