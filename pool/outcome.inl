#pragma once

#include <utility>

#include "pool/outcome.h"

namespace rp {

template <class T>
const T& Outcome<T>::value() const& {
  throw_unless_ok();
  return *value_;
}

template <class T>
T& Outcome<T>::value() & {
  throw_unless_ok();
  return *value_;
}

template <class T>
T Outcome<T>::value() && {
  throw_unless_ok();
  return *std::move(value_);
}

}  // namespace rp
