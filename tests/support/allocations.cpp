#include "tests/support/allocations.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t takings = 0;
thread_local std::size_t returns = 0;

void* take(std::size_t size) {
  void* const memory = std::malloc(size != 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  ++takings;
  return memory;
}

void* take_aligned(std::size_t size, std::align_val_t alignment) {
  const auto align = static_cast<std::size_t>(alignment);
  const std::size_t whole = (size / align + 1) * align;
  void* const memory = std::aligned_alloc(align, whole);
  if (memory == nullptr) throw std::bad_alloc();
  ++takings;
  return memory;
}

void give_back(void* memory) noexcept {
  if (memory != nullptr) ++returns;
  std::free(memory);
}

}  // namespace

// Without a sanitizer the array and nothrow forms would end in the first; a
// sanitizer has its own of each, so each is replaced.
void* operator new(std::size_t size) { return take(size); }
void* operator new[](std::size_t size) { return take(size); }
void* operator new(std::size_t size, std::align_val_t align) {
  return take_aligned(size, align);
}
void* operator new[](std::size_t size, std::align_val_t align) {
  return take_aligned(size, align);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept try {
  return take(size);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept try {
  return take(size);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void* operator new(std::size_t size, std::align_val_t align,
                   const std::nothrow_t&) noexcept try {
  return take_aligned(size, align);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void* operator new[](std::size_t size, std::align_val_t align,
                     const std::nothrow_t&) noexcept try {
  return take_aligned(size, align);
} catch (const std::bad_alloc&) {
  return nullptr;
}
void operator delete(void* memory) noexcept { give_back(memory); }
void operator delete[](void* memory) noexcept { give_back(memory); }
void operator delete(void* memory, std::size_t) noexcept { give_back(memory); }
void operator delete[](void* memory, std::size_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  give_back(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  give_back(memory);
}

namespace rp {

Allocations::Allocations() : made_before_(takings), freed_before_(returns) {}

std::size_t Allocations::made() const { return takings - made_before_; }

std::ptrdiff_t Allocations::held() const {
  return static_cast<std::ptrdiff_t>(made()) -
         static_cast<std::ptrdiff_t>(returns - freed_before_);
}

}  // namespace rp
