#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/sim_stream.h"

// A reader of lines that works as long as a line comes in one piece, which on
// one machine is nearly always. The network cuts where a seed says: the first
// seed that shows the slip shows it each time.

using namespace std::chrono_literals;

static const std::string text = "first\nsecond\nthird\n";

// The slip: what is left behind the last line of a piece is forgotten.
static void read_lines(std::string_view bytes, std::vector<std::string>& got) {
  for (std::size_t end; (end = bytes.find('\n')) != bytes.npos;) {
    got.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end + 1);
  }
}

static std::vector<std::string> lines_by(std::uint64_t seed) {
  std::vector<std::string> got;
  rp::SimStream stream({.seed = seed});
  stream.connection->data = [&](rp::Recorder&, std::string_view bytes) {
    read_lines(bytes, got);
  };
  stream.peer.send(text);
  stream.run_for(1s);
  return got;
}

static std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines) all += " [" + line + "]";
  return all;
}

int main() {
  const std::vector<std::string> sent{"first", "second", "third"};
  std::printf("sent  %s\n", joined(sent).c_str());
  std::uint64_t seed = 1;
  while (lines_by(seed) == sent) ++seed;
  std::printf("seed %ju%s\n", static_cast<std::uintmax_t>(seed),
              joined(lines_by(seed)).c_str());
  std::printf("again %s\n", joined(lines_by(seed)).c_str());
}
