#pragma once

#include <array>
#include <cstddef>

#include "rpc/wire/arena.h"
#include "rpc/wire/json_value.h"

namespace rp {

/// Where the parser keeps the items of arrays whose end it has not seen.
///
///     stack.push(item);                      // as often as there are items
///     const auto items = arena.array<Value>(stack.size() - mark);
///     for (auto at = items.rbegin(); at != items.rend(); ++at) {
///       *at = stack.pop();
///     }
///
/// Nested containers share it, so each array is allocated once and in its
/// final size. The first 32 values stand in the object itself; more go to
/// the arena, in chunks that double and never move.
/// One thread at a time; the arena must outlive it and must not be reset.
class ValueStack {
 public:
  explicit ValueStack(Arena& arena) : arena_(arena) {}
  ValueStack(const ValueStack&) = delete;
  ValueStack& operator=(const ValueStack&) = delete;

  void push(Value value);

  /// Takes the value pushed last. There must be one.
  Value pop();

  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFirst = 32;
  /// Enough for more than the 2^32 values that a text of 4 GiB could hold.
  static constexpr std::size_t kChunks = 32;

  Value* place(std::size_t index);

  Arena& arena_;
  std::size_t size_ = 0;
  std::array<Value, kFirst> first_;
  std::array<Value*, kChunks> chunks_ = {first_.data()};
};

}  // namespace rp
