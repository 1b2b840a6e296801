#include "reactor/buffer.h"

#include <algorithm>
#include <utility>

namespace rp {

void Buffer::append(std::string_view bytes) {
  // Each byte is moved at most once for each byte consumed before it.
  if (begin_ > size()) {
    bytes_.erase(0, begin_);
    begin_ = 0;
  }
  bytes_.append(bytes);
}

void Buffer::consume(std::size_t count) {
  begin_ += std::min(count, size());
  if (!empty()) return;
  bytes_.clear();
  begin_ = 0;
}

void Buffer::lend(std::string memory) {
  memory.clear();
  bytes_ = std::move(memory);
  begin_ = 0;
}

std::string Buffer::release() {
  begin_ = 0;
  return std::exchange(bytes_, std::string());
}

}  // namespace rp
