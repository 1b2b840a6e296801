#pragma once

#include "reactor/function.h"

namespace rp {

template <class R, class... Args>
template <class F>
const typename Function<R(Args...)>::Verbs Function<R(Args...)>::inline_verbs{
    [](void* storage, Args&&... args) -> R {
      auto& closure = *static_cast<F*>(storage);
      return static_cast<R>(closure(std::forward<Args>(args)...));
    },
    [](void* from, void* to) noexcept {
      auto* closure = static_cast<F*>(from);
      ::new (to) F(std::move(*closure));
      closure->~F();
    },
    [](void* storage) noexcept { static_cast<F*>(storage)->~F(); }};

template <class R, class... Args>
template <class F>
const typename Function<R(Args...)>::Verbs Function<R(Args...)>::heap_verbs{
    [](void* storage, Args&&... args) -> R {
      auto& closure = **static_cast<F**>(storage);
      return static_cast<R>(closure(std::forward<Args>(args)...));
    },
    [](void* from, void* to) noexcept {
      ::new (to) F*(*static_cast<F**>(from));
    },
    [](void* storage) noexcept { delete *static_cast<F**>(storage); }};

template <class R, class... Args>
template <ClosureFor<R, Args...> F>
Function<R(Args...)>::Function(F&& callable) {
  using Closure = std::decay_t<F>;
  if constexpr (fits<Closure>) {
    ::new (static_cast<void*>(storage_)) Closure(std::forward<F>(callable));
    verbs_ = &inline_verbs<Closure>;
  } else {
    auto owned = std::make_unique<Closure>(std::forward<F>(callable));
    ::new (static_cast<void*>(storage_)) Closure*(owned.release());
    verbs_ = &heap_verbs<Closure>;
  }
}

template <class R, class... Args>
Function<R(Args...)>& Function<R(Args...)>::operator=(
    Function&& other) noexcept {
  if (this == &other) return *this;
  reset();
  take(other);
  return *this;
}

template <class R, class... Args>
void Function<R(Args...)>::reset() noexcept {
  // The closure may own the last reference to what holds this very function.
  if (const Verbs* verbs = std::exchange(verbs_, nullptr)) {
    verbs->destroy(storage_);
  }
}

template <class R, class... Args>
void Function<R(Args...)>::take(Function& other) noexcept {
  verbs_ = std::exchange(other.verbs_, nullptr);
  if (verbs_ != nullptr) verbs_->move(other.storage_, storage_);
}

}  // namespace rp
