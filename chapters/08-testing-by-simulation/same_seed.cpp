#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/sim_stream.h"

// The tick trace of one echoed line, by a seed, and the same once more: the
// time, the pieces and the order are the same to the byte. By another seed
// they are not.
//   same_seed [SEED]

using namespace std::chrono_literals;

static std::string trace_of(std::uint64_t seed) {
  std::string lines;
  rp::TickTrace trace([&](const rp::TraceEvent& event) {
    if (event.what == "read" || event.what == "write") {
      lines += to_string(event) + "\n";
    }
  });
  rp::SimStream stream({.seed = seed, .weather = {.longest_cut = 20}});
  stream.connection->data = [](rp::Recorder& me, std::string_view bytes) {
    me.send(bytes);
  };
  stream.reactor.set_trace(&trace);
  stream.peer.send("a line of fifty bytes, which arrives piece by piece\n");
  stream.peer.half_close();
  stream.run_for(1s);
  return lines;
}

int main(int argc, char** argv) {
  const std::uint64_t seed = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 7;
  const std::string once = trace_of(seed);
  std::fputs(once.c_str(), stdout);
  std::puts(trace_of(seed) == once ? "the same by the same seed"
                                   : "ANOTHER BY THE SAME SEED");
  std::puts(trace_of(seed + 1) == once ? "THE SAME BY ANOTHER SEED"
                                       : "another by another seed");
}
