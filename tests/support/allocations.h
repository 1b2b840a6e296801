#pragma once

#include <cstddef>

namespace rp {

/// Counts what the calling thread takes from the heap by operator new, from
/// its construction on. The test program's operators new and delete do the
/// counting; under a sanitizer they still end in its malloc and free.
///
///     Allocations allocations;
///     framer.feed(bytes);
///     EXPECT_EQ(allocations.made(), 0u);
///
/// It is used on the thread that constructed it. Memory that one thread
/// allocates and another frees counts for the one and against the other.
class Allocations {
 public:
  Allocations();

  /// How many allocations there were.
  std::size_t made() const;

  /// How many more were made than freed: what is still held, or less than
  /// nothing when older memory was freed.
  std::ptrdiff_t held() const;

 private:
  std::size_t made_before_;
  std::size_t freed_before_;
};

}  // namespace rp
