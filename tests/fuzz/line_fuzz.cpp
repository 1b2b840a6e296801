// Lines: the same for every split, and what a slow and simple reading gives.

#include "tests/fuzz/framer_harness.h"

namespace rp {
namespace {

Messages slow_and_simple(const FramerInput& input) {
  Messages lines;
  const LineFramer telling(input.limit);
  std::size_t begin = 0;
  while (begin < input.stream.size()) {
    const std::size_t end =
        std::min(input.stream.find('\n', begin), input.stream.size());
    std::string line = input.stream.substr(begin, end - begin);
    begin = end + 1;
    if (line.size() > input.limit) {
      lines.push_back("<" + telling.fault() + ">");
      break;
    }
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

}  // namespace
}  // namespace rp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const rp::FramerInput input(data, size);
  rp::LineFramer whole(input.limit), cut(input.limit);
  const rp::Messages lines = rp::slow_and_simple(input);
  rp::must(input.feed_whole(whole) == lines, "lines are cut at line feeds");
  rp::must(input.feed_cut(cut) == lines, "every split gives the same lines");
  rp::must(cut.held() == 0, "at the end nothing is held");
  return 0;
}
