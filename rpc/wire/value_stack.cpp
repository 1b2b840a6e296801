#include "rpc/wire/value_stack.h"

#include <bit>

namespace rp {

// Chunk k holds kFirst * 2^k values. Counted from kFirst, an index has its
// chunk in its highest bit and its place within the chunk in the others.
Value* ValueStack::place(std::size_t index) {
  const std::size_t shifted = index + kFirst;
  const std::size_t room = std::bit_floor(shifted);
  const auto chunk =
      std::size_t(std::countr_zero(room) - std::countr_zero(kFirst));
  if (chunks_[chunk] == nullptr) {
    chunks_[chunk] = arena_.array<Value>(room).data();
  }
  return chunks_[chunk] + (shifted - room);
}

void ValueStack::push(Value value) {
  *place(size_) = value;
  ++size_;
}

Value ValueStack::pop() {
  --size_;
  return *place(size_);
}

}  // namespace rp
