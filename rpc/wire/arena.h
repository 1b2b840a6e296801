#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>

namespace rp {

/// Memory for many small things that die together: a message and all that was
/// parsed out of it. Allocating moves a pointer; nothing is freed singly.
///
///     Arena arena;
///     std::string_view name = arena.copy(line);
///     arena.reset();                        // name is gone, the memory stays
///
/// An arena that was never used holds no memory. Its blocks grow from 1 KiB,
/// each twice the last, up to 1 MiB (or to what one allocation needs).
/// Not thread-safe: one owner at a time. It moves, so it can go with a call
/// to another thread; what was allocated stays where it is when it moves.
/// Running out of memory throws std::bad_alloc.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&& other) noexcept;
  Arena& operator=(Arena&& other) noexcept;
  ~Arena();

  /// `bytes` bytes aligned to `align` (a power of two), valid until reset().
  void* allocate(std::size_t bytes, std::size_t align);

  /// A copy of `text` that lives until reset().
  std::string_view copy(std::string_view text);

  /// `count` value-initialised objects. No destructor will run.
  template <class T>
  std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    if (count == 0) return {};
    if (count > kMaxBytes / sizeof(T)) throw std::bad_array_new_length();
    T* first = static_cast<T*>(allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  /// Ends the life of all that was allocated. The largest block of at most
  /// 16 KiB is kept, so that an arena that is warm allocates nothing for
  /// ordinary messages; larger blocks go back, so that one large message does
  /// not cost its memory for ever.
  void reset();

  /// What it holds from the heap, in bytes, used or not.
  std::size_t bytes() const { return reserved_; }

 private:
  struct Block;
  static constexpr std::size_t kMaxBytes =
      std::numeric_limits<std::size_t>::max() / 4;

  void add_block(std::size_t least);
  void use(Block* block);
  void free_all_but(Block* kept);

  Block* blocks_ = nullptr;  ///< newest first
  char* next_ = nullptr;     ///< first free byte of the newest block
  char* end_ = nullptr;
  std::size_t reserved_ = 0;
};

}  // namespace rp
