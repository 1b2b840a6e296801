#pragma once

#include <ostream>

#include "reactor/poller.h"

namespace rp {

/// How a failing test prints a handle that is ready: "7 read+write", by its
/// slot, and with its generation if that is not the first: "7.3 read".
///
///     EXPECT_EQ(look(), (std::vector<Ready>{{id(7), true, false}}));
inline void PrintTo(const Ready& handle, std::ostream* out) {
  *out << handle.id.slot;
  if (handle.id.generation != 1) *out << '.' << handle.id.generation;
  if (handle.readable) *out << (handle.writable ? " read+write" : " read");
  if (!handle.readable) *out << (handle.writable ? " write" : " neither");
}

}  // namespace rp
