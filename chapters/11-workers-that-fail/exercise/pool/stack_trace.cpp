#include "pool/stack_trace.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>

#include <algorithm>
#include <span>
#include <string>
#include <typeinfo>
#include <utility>

namespace rp {

namespace {

thread_local TraceThrows* tracing = nullptr;

// Sanitizers put frames of their own before the caller's: it is known by the
// address that it will return to.
std::span<void*> frames_from(const void* first, std::span<void*> room) {
  const int count = ::backtrace(room.data(), static_cast<int>(room.size()));
  const auto frames = room.first(static_cast<std::size_t>(count));
  const auto begin = std::find(frames.begin(), frames.end(), first);
  return {begin, frames.end()};
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
  if (empty()) return "  (no stack trace is known)\n";
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
  std::array<void*, kSeen> room;
  frames_outside_ = frames_from(__builtin_return_address(0), room).size();
#endif
}

TraceThrows::~TraceThrows() { tracing = outer_; }

// Exercise 11.2: of the throws that are remembered, the newest whose object is
// that of `error`; nothing if there is none.
StackTrace TraceThrows::of(const std::exception_ptr& error) const {
  static_cast<void>(object_of(error));
  return {};
}

void TraceThrows::forget() { throws_ = {}; }

// Exercise 11.2: remember the frames from `thrown_at` outwards, without the
// frames_outside_ last ones and not more than kDeepest, in the place of the
// oldest throw. What is thrown may be that there is no memory: ask for none.
void TraceThrows::record(const void*, const void*) noexcept {
  static_cast<void>(newest_);
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
