#pragma once

#include <cstdio>
#include <cstdlib>

namespace rp {

/// Ends a harness that has found that something does not hold; the fuzzer then
/// keeps the input.
///
///     must(again == value, "what was written reads the same");
inline void must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace rp
