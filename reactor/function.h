#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace rp {

template <class Signature>
class Function;

/// What a Function<R(Args...)> can be made of.
template <class F, class R, class... Args>
concept ClosureFor = !std::is_same_v<std::decay_t<F>, Function<R(Args...)>> &&
                     std::is_invocable_r_v<R, std::decay_t<F>&, Args...>;

/// A callback that can be moved and not copied, so that it may own what it
/// needs: a descriptor, a reply, another callback. (`std::function` demands
/// copies; C++23 has `std::move_only_function`.)
///
///     Function<void()> task = [fd = std::move(fd)] { serve(fd); };
///     if (task) task();
///
/// Closures of up to 24 bytes are kept inside and cost no allocation; larger
/// ones live on the heap. Calling an empty one is a bug of the program.
///
/// Thread rule: none of its own; one thread at a time.
template <class R, class... Args>
class Function<R(Args...)> {
 public:
  /// Empty: converts to false.
  Function() noexcept = default;
  Function(std::nullptr_t) noexcept {}

  /// Takes over any callable with this signature.
  template <ClosureFor<R, Args...> F>
  Function(F&& callable);

  /// Moving leaves the other one empty.
  Function(Function&& other) noexcept { take(other); }
  Function& operator=(Function&& other) noexcept;
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;
  ~Function() { reset(); }

  /// Calls it. What it throws comes out of the call.
  R operator()(Args... args) {
    return verbs_->call(storage_, std::forward<Args>(args)...);
  }

  explicit operator bool() const noexcept { return verbs_ != nullptr; }

  /// Destroys the closure and what it owns.
  void reset() noexcept;

 private:
  static constexpr std::size_t kInlineBytes = 24;

  /// What can be done to a closure whose type has been forgotten; each type
  /// of closure has one such table.
  struct Verbs {
    R (*call)(void* storage, Args&&... args);
    void (*move)(void* from, void* to) noexcept;
    void (*destroy)(void* storage) noexcept;
  };

  /// What is kept inside moves when the Function does, and that may not
  /// throw; what is on the heap stays where it is.
  template <class F>
  static constexpr bool fits =
      sizeof(F) <= kInlineBytes &&
      alignof(F) <= alignof(void*) && std::is_nothrow_move_constructible_v<F>;

  template <class F>
  static const Verbs inline_verbs;
  template <class F>
  static const Verbs heap_verbs;

  void take(Function& other) noexcept;

  alignas(void*) std::byte storage_[kInlineBytes];
  const Verbs* verbs_ = nullptr;
};

/// The shape of most callbacks here.
using Task = Function<void()>;

}  // namespace rp

#include "reactor/function.inl"
