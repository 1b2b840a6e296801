#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <string>

#include "pool/process_workers.h"
#include "reactor/reactor.h"

// The same two jobs. The worker is this very program, started with the word
// `worker`: it reads a line and answers a line. The crash takes it alone.

namespace {

int measure(const std::string& text) {
  if (text == "crash") std::raise(SIGSEGV);
  return static_cast<int>(text.size());
}

int serve() {
  std::string line;
  while (std::getline(std::cin, line)) {
    std::cout << measure(line) << std::endl;  // which flushes
  }
  return 0;
}

}  // namespace

int main(int count, char**) {
  if (count > 1) return serve();
  const std::string here = std::filesystem::read_symlink("/proc/self/exe");
  rp::Reactor reactor;
  rp::ProcessWorkers workers{reactor,
                             {.command = {here, "worker"}, .workers = 1}};
  workers.submit("crash", [](rp::Outcome<std::string> outcome) {
    try {
      outcome.value();
    } catch (const rp::WorkerLost& lost) {
      std::printf("crash: the worker was killed by signal %d\n", lost.signal());
    }
  });
  workers.submit("hello", [&](rp::Outcome<std::string> outcome) {
    std::printf("hello: %s\n", outcome.value().c_str());
    reactor.stop();
  });
  reactor.run();
}
