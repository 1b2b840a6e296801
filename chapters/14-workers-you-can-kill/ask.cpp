#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "pool/process_workers.h"
#include "reactor/reactor.h"

// ask PROGRAM [ARGUMENT...]: gives each line of its standard input to one of
// two workers, which are that program, and prints what they answer, in the
// order of the lines.
//
//     printf '1 2 3\n4 5\n' | ask examples/workers/sum.awk

using namespace std::chrono_literals;

namespace {

std::vector<std::string> lines_of_input() {
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> ask_all(const std::vector<std::string>& command,
                                 const std::vector<std::string>& lines) {
  rp::Reactor reactor;
  rp::ProcessWorkers workers{
      reactor, {.command = command, .capacity = lines.size() + 1}};
  std::vector<std::string> answers(lines.size());
  std::size_t left = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    workers.submit(
        lines[i],
        [&, i](rp::Outcome<std::string> outcome) {
          answers[i] = outcome.ok() ? outcome.value() : outcome.message();
          if (--left == 0) reactor.stop();
        },
        5s);
  }
  if (left > 0) reactor.run();
  return answers;
}

}  // namespace

int main(int count, char** words) try {
  if (count < 2) {
    std::fputs("usage: ask PROGRAM [ARGUMENT...] <LINES\n", stderr);
    return 2;
  }
  const std::vector<std::string> command(words + 1, words + count);
  for (const std::string& answer : ask_all(command, lines_of_input())) {
    std::puts(answer.c_str());
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "ask: %s\n", error.what());
  return 1;
}
