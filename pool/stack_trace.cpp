#include "pool/stack_trace.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>

#include <algorithm>
#include <string>
#include <typeinfo>
#include <utility>

namespace rp {

namespace {

thread_local TraceThrows* tracing = nullptr;

// Sanitizers put frames of their own before the caller's: it is known by the
// address that it will return to.
template <std::size_t Size>
std::vector<void*> frames_from(const void* first) {
  std::array<void*, Size> frames;
  const int count = ::backtrace(frames.data(), static_cast<int>(Size));
  const auto end = frames.begin() + count;
  return std::vector<void*>(std::find(frames.begin(), end, first), end);
}

// Its first and only member is the pointer to the object.
const void* object_of(const std::exception_ptr& error) {
  static_assert(sizeof error == sizeof(void*));
  return *reinterpret_cast<const void* const*>(&error);
}

}  // namespace

StackTrace::StackTrace(std::vector<void*> addresses)
    : addresses_(std::move(addresses)) {}

std::vector<std::string> StackTrace::functions() const {
  std::vector<std::string> names;
  for (void* address : addresses_) {
    // A call that never returns may be the last thing in its function.
    names.push_back(function_at(static_cast<const char*>(address) - 1));
  }
  return names;
}

std::string StackTrace::to_string() const {
#ifdef RP_NO_STACK_TRACE
  return "  (built without stack traces)\n";
#else
  if (empty()) return "  (no stack trace: not thrown by the task)\n";
#endif
  std::string text;
  std::size_t number = 0;
  for (const std::string& name : functions()) {
    text += "  #" + std::to_string(number++) + " " + name + "\n";
  }
  return text;
}

TraceThrows::TraceThrows() : outer_(std::exchange(tracing, this)) {
#ifndef RP_NO_STACK_TRACE
  // Also loads what backtrace() needs, which allocates the first time.
  frames_outside_ = frames_from<256>(__builtin_return_address(0)).size();
#endif
}

TraceThrows::~TraceThrows() { tracing = outer_; }

StackTrace TraceThrows::of(const std::exception_ptr& error) const {
  const void* object = object_of(error);
  for (std::size_t age = 0; object != nullptr && age < kRemembered; ++age) {
    const Throw& seen = throws_[(newest_ + kRemembered - age) % kRemembered];
    if (seen.object == object) return StackTrace(seen.addresses);
  }
  return {};
}

void TraceThrows::forget() { throws_ = {}; }

void TraceThrows::record(const void* object, const void* thrown_at) {
  auto frames = frames_from<256>(thrown_at);
  frames.resize(frames.size() - std::min(frames.size(), frames_outside_));
  if (frames.size() > kDeepest) frames.resize(kDeepest);
  newest_ = (newest_ + 1) % kRemembered;
  throws_[newest_] = {object, std::move(frames)};
}

}  // namespace rp

#ifndef RP_NO_STACK_TRACE

// The program's own comes before the library's; that is the next. It is found
// at the first throw, which finds nothing thrown yet. This file must not throw
// itself: g++ then has an idea of its own of what the second parameter is.
void abi::__cxa_throw(void* object, std::type_info* type,
                      void (*destroy)(void*)) {
  static const auto real = reinterpret_cast<decltype(&abi::__cxa_throw)>(
      ::dlsym(RTLD_NEXT, "__cxa_throw"));
  if (rp::tracing != nullptr) {
    rp::tracing->record(object, __builtin_return_address(0));
  }
  real(object, type, destroy);
  __builtin_unreachable();
}

#endif
