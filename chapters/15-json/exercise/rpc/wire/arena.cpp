#include "rpc/wire/arena.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

namespace rp {

namespace {

constexpr std::size_t kFirstBlock = 1024;
constexpr std::size_t kLargestGrowth = 1024 * 1024;
[[maybe_unused]] constexpr std::size_t kKeptBlock = 16 * 1024;

// How far `at` is from the next multiple of `align`, a power of two.
std::size_t padding(const char* at, std::size_t align) {
  return (0 - reinterpret_cast<std::uintptr_t>(at)) & (align - 1);
}

}  // namespace

struct alignas(std::max_align_t) Arena::Block {
  Block* older;
  std::size_t size;  ///< the header included
};

Arena::Arena(Arena&& other) noexcept { *this = std::move(other); }

Arena& Arena::operator=(Arena&& other) noexcept {
  if (this == &other) return *this;
  free_all_but(nullptr);
  blocks_ = std::exchange(other.blocks_, nullptr);
  next_ = std::exchange(other.next_, nullptr);
  end_ = std::exchange(other.end_, nullptr);
  reserved_ = std::exchange(other.reserved_, 0);
  return *this;
}

Arena::~Arena() { free_all_but(nullptr); }

void* Arena::allocate(std::size_t bytes, std::size_t align) {
  if (bytes > kMaxBytes) throw std::bad_alloc();
  std::size_t skipped = padding(next_, align);
  if (bytes + skipped > static_cast<std::size_t>(end_ - next_)) {
    add_block(bytes + align);
    skipped = padding(next_, align);
  }
  char* const first = next_ + skipped;
  next_ = first + bytes;
  return first;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  void* const to = allocate(text.size(), 1);
  std::memcpy(to, text.data(), text.size());
  return {static_cast<const char*>(to), text.size()};
}

void Arena::reset() {
  // Exercise 15.3: keep the largest block that is not larger than kKeptBlock,
  // if there is one, so that the next message finds its memory here.
  free_all_but(nullptr);
}

// Ordinary blocks are powers of two, so that growth meets the size reset()
// keeps; a block for one large allocation is no larger than that needs.
void Arena::add_block(std::size_t least) {
  const std::size_t grown = blocks_ == nullptr
                                ? kFirstBlock
                                : std::min(2 * blocks_->size, kLargestGrowth);
  const std::size_t needed = least + sizeof(Block);
  const std::size_t size =
      std::max(grown, needed < kLargestGrowth ? std::bit_ceil(needed) : needed);
  Block* const block = new (::operator new(size)) Block{blocks_, size};
  reserved_ += size;
  use(block);
}

void Arena::use(Block* block) {
  blocks_ = block;
  next_ = reinterpret_cast<char*>(block + 1);
  end_ = reinterpret_cast<char*>(block) + block->size;
}

void Arena::free_all_but(Block* kept) {
  while (blocks_ != nullptr) {
    Block* const block = std::exchange(blocks_, blocks_->older);
    if (block != kept) ::operator delete(block);
  }
  next_ = end_ = nullptr;
  reserved_ = 0;
  if (kept == nullptr) return;
  kept->older = nullptr;
  reserved_ = kept->size;
  use(kept);
}

}  // namespace rp
