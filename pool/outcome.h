#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace rp {

/// How a job ended. Every job ends in exactly one way.
enum class Fate : std::uint8_t {
  finished,  ///< the work returned
  failed,    ///< the work threw
  expired,   ///< its deadline passed first
  refused,   ///< no room for it: it never started
  dropped,   ///< cancelled, abandoned, or whoever was to run it ended
};

std::string_view to_string(Fate fate);

/// The end of a job: its fate and, if it failed, what it threw.
struct Settled {
  Fate fate = Fate::finished;
  std::exception_ptr error;
};

/// In a handler: what it handles, to be kept. Never null: of what is no C++
/// exception, a std::runtime_error that says so.
std::exception_ptr handled_error();

/// The error of a job that expired, was refused or was dropped: nobody threw
/// it, and what() says which.
class JobLost : public std::runtime_error {
 public:
  explicit JobLost(Fate fate);
  Fate fate() const noexcept { return fate_; }

 private:
  Fate fate_;
};

/// The part of an outcome that does not depend on the result's type: a caller
/// who asks only how it ended can take any outcome by this.
class OutcomeBase {
 public:
  Fate fate() const { return fate_; }
  bool ok() const { return fate_ == Fate::finished; }

  /// What value() would throw; null if ok().
  std::exception_ptr error() const { return error_; }

  /// The error in words: what() of an exception, "" if ok(), and of what is no
  /// std::exception that it is none.
  std::string message() const;

 protected:
  OutcomeBase() = default;
  explicit OutcomeBase(const Settled& end);
  void throw_unless_ok() const;

 private:
  Fate fate_ = Fate::finished;
  std::exception_ptr error_;
};

/// What became of work that was handed over: its fate and, if it finished, its
/// result.
///
///     void done(Outcome<int> outcome) {
///       if (!outcome.ok()) return complain(outcome.message());
///       print(outcome.value());
///     }
///
/// Thread rule: one thread at a time. Ownership: the result is moved in, and
/// can be moved out of an rvalue.
///
/// Errors: value() throws what the work threw, as what it was, or JobLost if
/// the work has no result because it was never brought to its end.
template <class T>
class Outcome : public OutcomeBase {
 public:
  /// The work returned this.
  explicit Outcome(T value) : value_(std::move(value)) {}

  /// The work has no result; `end` must not say that it finished.
  explicit Outcome(const Settled& end) : OutcomeBase(end) {}

  /// The result; throws error() if there is none.
  const T& value() const&;
  T& value() &;
  T value() &&;

 private:
  std::optional<T> value_;
};

/// Of work that returns nothing: there is only the error to ask for.
template <>
class Outcome<void> : public OutcomeBase {
 public:
  Outcome() = default;
  explicit Outcome(const Settled& end) : OutcomeBase(end) {}

  /// Returns if the work did.
  void value() const { throw_unless_ok(); }
};

}  // namespace rp

#include "pool/outcome.inl"
