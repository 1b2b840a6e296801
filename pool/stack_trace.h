#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace rp {

/// Where an exception was thrown: the functions that were under way, from the
/// one with the throw outwards.
///
///     TraceThrows throws;
///     try { work(); } catch (...) {
///       std::puts(throws.of(std::current_exception()).to_string().c_str());
///     }
///
/// When a handler runs, the stack between throw and catch is gone. So the
/// throw itself is watched: this library defines `__cxa_throw`, to which each
/// throw is compiled, and hands on to the real one. It takes a look at the
/// stack only in a thread in which a TraceThrows lives; any other throw costs
/// a look at one thread-local pointer.
///
/// Names are those of the functions that are there: what the optimizer has
/// put into its caller is told as its caller. A program that was stripped of
/// its symbols is told by addresses, "program+0x1234", for addr2line.
///
/// `make STACK_TRACE=0` defines no `__cxa_throw`: traces are empty and say so.
/// A program that is linked statically needs that.
class StackTrace {
 public:
  StackTrace() = default;

  /// The addresses to which the functions would have returned, innermost
  /// first.
  explicit StackTrace(std::vector<void*> addresses);

  bool empty() const { return addresses_.empty(); }

  /// Their names, innermost first, which takes milliseconds to look up.
  std::vector<std::string> functions() const;

  /// A line for each, "  #0 divide(int, int)\n"; of an empty one a line that
  /// says why.
  std::string to_string() const;

 private:
  std::vector<void*> addresses_;
};

/// While one lives, throws in its thread are recorded: of each of the last
/// four the innermost 48 functions, without the one in which this lives and
/// those outside of it. It has to live, and what it watches has to be thrown,
/// no more than 256 calls deep.
///
/// Thread rule: one thread, on whose stack it lives. They may be nested; the
/// innermost records.
class TraceThrows {
 public:
  TraceThrows();
  ~TraceThrows();
  TraceThrows(const TraceThrows&) = delete;
  TraceThrows& operator=(const TraceThrows&) = delete;

  /// Where this was thrown. Empty if that was in another thread, before
  /// forget() or four later throws, in the very function in which this lives,
  /// or no throw: std::make_exception_ptr() makes one without. Such a one may
  /// lie where another lay that was thrown and is gone, and has its trace then.
  StackTrace of(const std::exception_ptr& error) const;

  /// Forgets what was recorded. Exceptions are told apart by their addresses,
  /// which are used again: call it before each new attempt.
  void forget();

  /// For __cxa_throw: this object is about to be thrown. Allocates nothing.
  void record(const void* object, const void* thrown_at) noexcept;

 private:
  static constexpr std::size_t kSeen = 256;
  static constexpr std::size_t kDeepest = 48;
  static constexpr std::size_t kRemembered = 4;

  struct Throw {
    const void* object = nullptr;
    std::array<void*, kDeepest> addresses{};
    std::size_t count = 0;
  };

  TraceThrows* const outer_;
  std::size_t frames_outside_ = 0;
  std::array<Throw, kRemembered> throws_;
  std::size_t newest_ = 0;
};

/// The function that an address of code lies in, "divide(int, int)". What the
/// dynamic linker does not know (a static function, a lambda, the program's
/// own) is looked up in the symbol table of its file. Any thread.
std::string function_at(const void* address);

/// A compiler's name as C++ spells it, "int" for "i"; else the name as it is.
std::string demangled(const char* name);

}  // namespace rp
