#include <chrono>
#include <cstdio>
#include <string>

#include "pool/process_workers.h"
#include "reactor/reactor.h"

// The worker is a process. At its deadline it is killed, whatever it does, and
// the next job has a fresh one.

using namespace std::chrono_literals;

namespace {

const char* const kWorker = R"(
while read -r line; do
  case $line in
    spin) while :; do :; done ;;
    *) echo "$line to you, too" ;;
  esac
done)";

}  // namespace

int main() {
  rp::Reactor reactor;
  rp::ProcessWorkers workers{reactor,
                             {.command = {"sh", "-c", kWorker}, .workers = 1}};
  workers.submit(
      "spin",
      [](rp::Outcome<std::string> outcome) {
        std::printf("spin: %s\n", outcome.message().c_str());
      },
      300ms);
  workers.submit("hello", [&](rp::Outcome<std::string> outcome) {
    std::printf("hello: %s\n", outcome.value().c_str());
    reactor.stop();
  });
  reactor.run();
  const auto stats = workers.stats();
  std::printf("killed: %d, workers: %zu\n", static_cast<int>(stats.killed),
              stats.workers);
}
