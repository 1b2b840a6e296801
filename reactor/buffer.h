#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rp {

/// Bytes that wait to be written: put in at the back, taken from the front.
///
///     buffer.append("hello");
///     buffer.consume(write(fd, buffer.front().data(), buffer.size()));
///
/// One run of memory, so that one system call can take all of it; what has
/// been consumed is moved away when it is more than what is left. An empty
/// buffer can give its memory away and then holds none.
///
/// Thread rule: one thread.
class Buffer {
 public:
  void append(std::string_view bytes);

  /// All that waits, good until the next append() or consume().
  std::string_view front() const {
    return std::string_view(bytes_).substr(begin_);
  }

  /// Drops `count` bytes, at most size(), from the front.
  void consume(std::size_t count);

  std::size_t size() const { return bytes_.size() - begin_; }
  bool empty() const { return size() == 0; }

  /// Memory to fill, taken over while the buffer is empty.
  void lend(std::string memory);
  bool has_memory() const { return bytes_.capacity() > kWithin; }

  /// The memory of an empty buffer, which then holds none.
  std::string release();

 private:
  static constexpr std::size_t kWithin = 15;  // held by the string itself

  std::string bytes_;
  std::size_t begin_ = 0;
};

}  // namespace rp
