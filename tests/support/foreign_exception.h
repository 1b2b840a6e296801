#pragma once

#include <unwind.h>

namespace rp {

/// Throws as another language does: C++ can catch it with `catch (...)` and
/// has no std::exception_ptr for it.
///
///     try { throw_foreign(); } catch (...) { std::current_exception(); }
///
/// Thread rule: any. What is thrown is gone when its handler ends.
inline void throw_foreign() {
  auto* foreign = new _Unwind_Exception{};
  foreign->exception_class = 0x464f524549474e00;  // "FOREIGN"
  foreign->exception_cleanup = [](_Unwind_Reason_Code, _Unwind_Exception* it) {
    delete it;
  };
  _Unwind_RaiseException(foreign);
}

}  // namespace rp
