#include "reactor/buffer.h"

#include <algorithm>
#include <utility>

namespace rp {

void Buffer::append(std::string_view bytes) {
  // Exercise 6.2: what has been consumed stays in front of the rest for ever.
  // Erase it, but not at each call: only when it is more than what is left.
  bytes_.append(bytes);
}

void Buffer::consume(std::size_t count) {
  // Exercise 6.2: never take more than there is; when all is taken, begin anew.
  begin_ += count;
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
