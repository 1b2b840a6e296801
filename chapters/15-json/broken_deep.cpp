#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

// The first parser that comes to mind, for lists of lists of nothing: a list is
// read by a function that calls itself for each list within. So the text says
// how deep the calls go, and the peer writes the text.
//
// Promise: dies of SIGSEGV

namespace {

// Reads one list from the beginning of `text`; returns how deep it is.
int read_list(std::string_view& text) {
  int deepest = 0;
  text.remove_prefix(1);
  while (text.starts_with('[')) deepest = std::max(deepest, read_list(text));
  text.remove_prefix(1);
  return deepest + 1;
}

}  // namespace

int main() {
  for (const std::size_t depth : {3u, 3000u, 3000000u}) {
    const std::string brackets =
        std::string(depth, '[') + std::string(depth, ']');
    std::string_view text = brackets;
    std::printf("%zu bytes of brackets: ", brackets.size());
    std::fflush(stdout);
    std::printf("%d levels\n", read_list(text));
  }
}
